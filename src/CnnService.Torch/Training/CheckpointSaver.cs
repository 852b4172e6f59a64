using CnnService.Core.Training;

namespace CnnService.Torch.Training;

/// <summary>
/// Saves checkpoints of a training: on request, when the last one is older than the interval, and after epochs as long as that takes little
/// of the time. Between two steps the tensors are copied to the host; the file is written beside the steps that follow. What is told of a
/// checkpoint, or thrown because it could not be written, follows at one of the next calls.
/// </summary>
/// <param name="writer">Writes; owned by the caller, who disposes it after the last step.</param>
/// <param name="state">The training.</param>
/// <param name="plan">Digest of its plan.</param>
/// <param name="every">Longest time between two checkpoints. Once it has passed, the training waits for the one before.</param>
/// <param name="observer">Told of each checkpoint that is on the disk.</param>
/// <param name="time">Measures what saving takes.</param>
/// <param name="isSaved">Whether the training goes on from a checkpoint, which then is that of its first position.</param>
internal sealed class CheckpointSaver(
    CheckpointWriter writer, TrainingState state, string plan, TimeSpan every, ITrainingObserver observer, TimeProvider time, bool isSaved)
{
    /// <summary>The least time between two checkpoints of epochs, in times of what the last one took: a twentieth at most.</summary>
    private const int LeastInterval = 20;

    private long _begun = time.GetTimestamp();
    private (int Epoch, int Step)? _position = isSaved ? (state.Epoch, state.Step) : null;
    private TimeSpan _copying;
    private TimeSpan _cost; // Copying and writing: on the processor both take from the training.

    internal void SaveIfDue()
    {
        TellIfWritten();
        if (time.GetElapsedTime(_begun) >= every)
        {
            Begin();
        }
    }

    internal void SaveAfterEpoch()
    {
        TellIfWritten();
        var elapsed = time.GetElapsedTime(_begun);
        if (elapsed >= every || (!writer.IsWriting && elapsed >= LeastInterval * _cost))
        {
            Begin();
        }
    }

    /// <summary>Returns when the state, as it is now, is on the disk.</summary>
    /// <exception cref="DivergedException">The loss or a weight is not finite; nothing is saved.</exception>
    internal void Save()
    {
        if (_position != (state.Epoch, state.Step))
        {
            Begin();
        }

        Tell(writer.Wait());
    }

    /// <summary>
    /// At the end of a training: <see cref="Save"/>, unless the epoch in progress, which an early end gives up, has diverged.
    /// </summary>
    internal void SaveAtEnd()
    {
        if (FiniteCheck.Holds(state))
        {
            Save();
            return;
        }

        Tell(writer.Wait());
        observer.Log("The epoch in progress has diverged and is not saved; the run ends with the epochs before it.");
    }

    private void Begin()
    {
        var begun = time.GetTimestamp();
        FiniteCheck.CheckLoss(state);
        FiniteCheck.CheckWeights(state);
        Tell(writer.Wait());
        var copying = time.GetTimestamp();
        var captured = state.Capture(plan);
        _copying = time.GetElapsedTime(copying);
        writer.Begin(captured);
        (_begun, _position) = (begun, (state.Epoch, state.Step));
    }

    private void TellIfWritten()
    {
        if (!writer.IsWriting)
        {
            Tell(writer.Wait());
        }
    }

    private void Tell(WrittenCheckpoint? written)
    {
        if (written is not null)
        {
            _cost = _copying + written.Cost;
            observer.Checkpoint(written.Position.Epoch, written.Position.Step);
        }
    }
}
