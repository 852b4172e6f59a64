using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training;

/// <summary>Trains networks. One training at a time per process.</summary>
public interface ITrainer
{
    /// <summary>
    /// Runs the plan to its end, from the newest valid checkpoint in <paramref name="checkpoints"/> if there is one.
    /// Blocks; reports to <paramref name="observer"/> on the calling thread.
    /// Problem codes: <c>training.diverged</c>, <c>training.out-of-memory</c> (<see cref="MemoryShortage"/>),
    /// <c>training.device-unavailable</c>,
    /// <c>checkpoint.unreadable</c>, <c>checkpoint.mismatch</c> (of another plan), <c>storage.full</c>, <c>torch.unavailable</c>.
    /// </summary>
    /// <param name="planned">The validated plan, with its network resolved.</param>
    /// <param name="training">Training images at the network's input size.</param>
    /// <param name="validation">Validation images at the network's input size; may be empty.</param>
    /// <param name="checkpoints">The run's checkpoint folder.</param>
    /// <param name="observer">Notified of every step, epoch and checkpoint.</param>
    /// <param name="cancel">Checked at every step; a checkpoint is written, then <see cref="OperationCanceledException"/> thrown.</param>
    Outcome<TrainedNetwork> Train(
        PlannedTraining planned,
        IPixelSource training,
        IPixelSource validation,
        string checkpoints,
        ITrainingObserver observer,
        CancellationToken cancel);

    /// <summary>
    /// Measures on this machine, as busy as it is now, what a training step of the plan takes: seconds an image. Blocks for some seconds,
    /// with fresh weights and black images; nothing is kept. Problem codes: <c>training.device-unavailable</c>,
    /// <c>training.out-of-memory</c>, <c>torch.unavailable</c>.
    /// </summary>
    /// <param name="planned">The validated plan, with its network resolved.</param>
    /// <param name="cancel">Checked between steps.</param>
    Outcome<double> TimeStep(PlannedTraining planned, CancellationToken cancel);
}

/// <summary>The result of a training.</summary>
/// <param name="Weights">Of the best epoch (smallest validation loss; training loss where nothing was validated).</param>
/// <param name="Best">Metrics of that epoch.</param>
/// <param name="History">All epochs, in order.</param>
/// <param name="Device">"cpu" or "cuda:0".</param>
/// <param name="Precision">The precision used; never auto.</param>
public sealed record TrainedNetwork(
    NamedWeights Weights, EpochMetrics Best, IReadOnlyList<EpochMetrics> History, string Device, Precision Precision);
