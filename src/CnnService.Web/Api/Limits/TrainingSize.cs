using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Web.Api.Limits;

/// <summary>Trainings that no memory here could hold.</summary>
internal static class TrainingSize
{
    /// <summary>Null where the plan fits. A GPU's memory is known to the worker alone, which tells when it runs out.</summary>
    /// <param name="training">What is asked for.</param>
    /// <param name="most">Bytes.</param>
    public static Problem? TooLarge(PlannedTraining training, double most)
    {
        var bytes = TrainingMemory.Estimate(training.Network, training.Plan.BatchSize);
        return training.Plan.Device == DeviceChoice.Cuda || bytes <= most ? null : Problem.Unprocessable(
            "training.too-large",
            FormattableString.Invariant($"The training would take about {bytes / 1048576:N0} MiB, at most {most / 1048576:N0} MiB are allowed: take a smaller batchSize, imageSize or network."));
    }
}
