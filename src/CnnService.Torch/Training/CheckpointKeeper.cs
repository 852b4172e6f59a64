using CnnService.Core.Training;

namespace CnnService.Torch.Training;

/// <summary>Saves a training's state: when asked, and when the last time is long enough ago.</summary>
internal sealed class CheckpointKeeper(
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

    /// <exception cref="DivergedException">The state is not worth keeping.</exception>
    internal void Save()
    {
        FiniteCheck.Loss(state);
        FiniteCheck.Weights(state);
        store.Save(state.Capture(plan));
        _saved = time.GetTimestamp();
        observer.Checkpoint(state.Epoch, state.Step);
    }
}
