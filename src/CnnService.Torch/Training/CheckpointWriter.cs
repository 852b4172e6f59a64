using System.Runtime.ExceptionServices;

namespace CnnService.Torch.Training;

/// <summary>
/// Writes checkpoints on a thread of its own while the training goes on: hashing and the disk take longer than copying the tensors, which
/// the caller has done. One at a time. For a single caller; disposing waits for the write in progress.
/// </summary>
/// <param name="write">Writes one durably; called on the other thread.</param>
/// <param name="time">Measures it.</param>
/// <param name="log">Receives the failure of a write whose training has failed already.</param>
internal sealed class CheckpointWriter(Action<CheckpointState> write, TimeProvider time, Action<string> log) : IDisposable
{
    private Writing? _writing;

    /// <summary>Begins to write a state, which must not change from here on.</summary>
    /// <exception cref="InvalidOperationException">The one before has not been taken by <see cref="Wait"/>.</exception>
    internal void Begin(CheckpointState state)
    {
        if (_writing is not null)
        {
            throw new InvalidOperationException("A checkpoint is still being written.");
        }

        var writing = new Writing(state.Position);
        writing.Thread = new(() => Write(state, writing)) { IsBackground = true, Name = "checkpoint" };
        writing.Thread.Start();
        _writing = writing;
    }

    /// <summary>Whether a checkpoint is being written.</summary>
    internal bool IsWriting => _writing is { Thread: var thread } && !thread!.Join(TimeSpan.Zero);

    /// <summary>
    /// Waits for the write in progress. Once for each: null if there is none, or it has been taken. Throws what the write threw.
    /// </summary>
    internal WrittenCheckpoint? Wait()
    {
        if (_writing is not { } writing)
        {
            return null;
        }

        _writing = null;
        writing.Thread!.Join();
        writing.Failure?.Throw();
        return new(writing.Position, writing.Cost);
    }

    public void Dispose()
    {
        if (_writing is { } writing)
        {
            _writing = null;
            writing.Thread!.Join();
            if (writing.Failure is { SourceException.Message: var why })
            {
                log($"The checkpoint of {writing.Position.Epoch} epochs and {writing.Position.Step} steps was not written: {why}");
            }
        }
    }

    private void Write(CheckpointState state, Writing writing)
    {
        var begun = time.GetTimestamp();
        try
        {
            write(state);
        }
#pragma warning disable CA1031 // Whatever it is, it is thrown again on the training's thread.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            writing.Failure = ExceptionDispatchInfo.Capture(failure);
        }

        writing.Cost = time.GetElapsedTime(begun);
    }

    /// <summary>Read by the caller only after the thread has ended.</summary>
    private sealed class Writing(CheckpointPosition position)
    {
        public CheckpointPosition Position => position;

        public Thread? Thread { get; set; }

        public ExceptionDispatchInfo? Failure { get; set; }

        public TimeSpan Cost { get; set; }
    }
}

/// <param name="Position">What was written.</param>
/// <param name="Cost">The time that writing took.</param>
internal sealed record WrittenCheckpoint(CheckpointPosition Position, TimeSpan Cost);
