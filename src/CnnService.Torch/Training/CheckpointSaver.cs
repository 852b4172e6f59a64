using CnnService.Core.Training;

namespace CnnService.Torch.Training;

/// <summary>Saves checkpoints of a training: on request, and when the last one is older than the interval.</summary>
internal sealed class CheckpointSaver(
    CheckpointStore store, TrainingState state, string plan, TimeSpan every, ITrainingObserver observer, TimeProvider time)
{
    private long _saved = time.GetTimestamp();

    internal void SaveIfDue()
    {
        if (time.GetElapsedTime(_saved) >= every)
        {
            Save();
        }
    }

    /// <exception cref="DivergedException">The loss or a weight is not finite; nothing is saved.</exception>
    internal void Save()
    {
        FiniteCheck.CheckLoss(state);
        FiniteCheck.CheckWeights(state);
        store.Save(state.Capture(plan));
        _saved = time.GetTimestamp();
        observer.Checkpoint(state.Epoch, state.Step);
    }
}
