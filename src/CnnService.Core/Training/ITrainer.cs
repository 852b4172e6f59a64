using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training;

/// <summary>Trains networks. One training at a time in a process.</summary>
public interface ITrainer
{
    /// <summary>
    /// Runs the plan to its end, from the newest valid checkpoint in <paramref name="checkpoints"/> if there is one.
    /// Blocks; reports to <paramref name="observer"/> on the calling thread.
    /// Problem codes: <c>training.diverged</c>, <c>training.out-of-memory</c>, <c>training.device-unavailable</c>,
    /// <c>checkpoint.unreadable</c>, <c>checkpoint.mismatch</c> (of another plan), <c>storage.full</c>, <c>torch.unavailable</c>.
    /// </summary>
    /// <param name="planned">What to train.</param>
    /// <param name="training">Pictures at the network's input size.</param>
    /// <param name="validation">As <paramref name="training"/>.</param>
    /// <param name="checkpoints">The run's checkpoint folder.</param>
    /// <param name="observer">Hears of every step, epoch and checkpoint.</param>
    /// <param name="cancel">Checked at every step; a checkpoint is written, then <see cref="OperationCanceledException"/> thrown.</param>
    Outcome<TrainedNetwork> Train(
        PlannedTraining planned,
        IPixelSource training,
        IPixelSource validation,
        string checkpoints,
        ITrainingObserver observer,
        CancellationToken cancel);
}

/// <summary>What a training gave.</summary>
/// <param name="Weights">Of the best epoch (smallest validation loss; training loss where nothing was validated).</param>
/// <param name="Best">That epoch's metrics.</param>
/// <param name="History">All epochs, in order.</param>
/// <param name="Device">"cpu" or "cuda:0".</param>
/// <param name="Precision">What "auto" became.</param>
public sealed record TrainedNetwork(
    NamedWeights Weights, EpochMetrics Best, IReadOnlyList<EpochMetrics> History, string Device, Precision Precision);
