using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Web.Api.Limits;

/// <summary>Rejects trainings that would exceed the host's memory.</summary>
internal static class TrainingMemoryLimit
{
    /// <summary>
    /// The problem <c>training.too-large</c>; null if the plan fits. What a GPU will compute is not checked: only the worker knows its
    /// memory and reports when it runs out.
    /// </summary>
    /// <param name="training">The plan and its resolved network.</param>
    /// <param name="maxBytes">Allowed memory in bytes.</param>
    /// <param name="torch">Tells whether this host has a GPU, which the choice "auto" takes.</param>
    public static Problem? Check(PlannedTraining training, double maxBytes, ITorchRuntime torch)
    {
        var bytes = TrainingMemory.Estimate(training.Network, training.Plan.BatchSize);
        return bytes <= maxBytes || IsForGpu(training.Plan.Device, torch) ? null : Problem.Unprocessable(
            "training.too-large",
            $"The training would take about {bytes / 1048576:N0} MiB, at maxBytes {maxBytes / 1048576:N0} MiB are allowed: take a smaller "
            + $"batchSize, imageSize or network.");
    }

    private static bool IsForGpu(DeviceChoice device, ITorchRuntime torch) => device == DeviceChoice.Cuda
        || (device == DeviceChoice.Auto && torch.Status.Match(host => host.Devices.Any(IsGpu), _ => false));

    private static bool IsGpu(string device) => device.StartsWith("cuda", StringComparison.Ordinal);
}
