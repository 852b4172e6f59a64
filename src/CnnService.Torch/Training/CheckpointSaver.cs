using CnnService.Core.Training;

namespace CnnService.Torch.Training;

/// <summary>
/// Saves checkpoints of a training: on request, when the last one is older than the interval, and after epochs as long as that takes little
/// of the time.
/// </summary>
internal sealed class CheckpointSaver(
    CheckpointStore store, TrainingState state, string plan, TimeSpan every, ITrainingObserver observer, TimeProvider time)
{
    /// <summary>The least time between two checkpoints of epochs, in times of what the last one took: a twentieth at most.</summary>
    private const int LeastInterval = 20;

    private long _saved = time.GetTimestamp();
    private TimeSpan _cost;

    internal void SaveIfDue()
    {
        if (time.GetElapsedTime(_saved) >= every)
        {
            Save();
        }
    }

    internal void SaveAfterEpoch()
    {
        if (time.GetElapsedTime(_saved) >= TimeSpan.FromTicks(Math.Min(every.Ticks, LeastInterval * _cost.Ticks)))
        {
            Save();
        }
    }

    /// <exception cref="DivergedException">The loss or a weight is not finite; nothing is saved.</exception>
    internal void Save()
    {
        var begun = time.GetTimestamp();
        FiniteCheck.CheckLoss(state);
        FiniteCheck.CheckWeights(state);
        store.Save(state.Capture(plan));
        observer.Checkpoint(state.Epoch, state.Step);
        _saved = time.GetTimestamp();
        _cost = time.GetElapsedTime(begun, _saved);
    }
}
