using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Web.Api.Limits;

/// <summary>Rejects trainings that would exceed the host's memory.</summary>
internal static class TrainingMemoryLimit
{
    /// <summary>
    /// The problem <c>training.too-large</c>; null if the plan fits. GPU memory is not checked: only the worker knows it and reports when
    /// it runs out.
    /// </summary>
    /// <param name="training">The plan and its resolved network.</param>
    /// <param name="maxBytes">Allowed memory in bytes.</param>
    public static Problem? Check(PlannedTraining training, double maxBytes)
    {
        var bytes = TrainingMemory.Estimate(training.Network, training.Plan.BatchSize);
        return training.Plan.Device == DeviceChoice.Cuda || bytes <= maxBytes ? null : Problem.Unprocessable(
            "training.too-large",
            $"The training would take about {bytes / 1048576:N0} MiB, at maxBytes {maxBytes / 1048576:N0} MiB are allowed: take a smaller "
            + $"batchSize, imageSize or network.");
    }
}
