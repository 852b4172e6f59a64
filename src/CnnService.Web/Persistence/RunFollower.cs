using System.Runtime.CompilerServices;

namespace CnnService.Web.Persistence;

/// <summary>
/// Polls runs for the clients that follow them: one reader per run, whatever the number of followers. Runs without followers are not
/// polled. Thread safe.
/// </summary>
internal sealed class RunFollower(RunStore runs, TimeProvider clock)
{
    /// <summary>Maximum number of events per snapshot; if there are more, the next snapshot follows immediately.</summary>
    public const int MaxEvents = 256;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();

    // Guarded by _gate, as are the fields of its values.
    private readonly Dictionary<string, Reader> _readers = new(StringComparer.Ordinal);

    /// <summary>
    /// The snapshots of a run, starting with its current state, every half second whether it has changed or not. Ends with a snapshot of a
    /// run that has ended and has no new events, or that was deleted.
    /// </summary>
    /// <param name="id">The run's id.</param>
    /// <param name="cancel">Ends this follower only.</param>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public async IAsyncEnumerable<RunSnapshot> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (reader, next) = Join(id);
        try
        {
            while (next is not null)
            {
                (var snapshot, next) = await next.Task.WaitAsync(cancel);
                yield return snapshot;
            }
        }
        finally
        {
            Leave(id, reader);
        }
    }

    private (Reader Reader, TaskCompletionSource<Step>? Next) Join(string id)
    {
        lock (_gate)
        {
            if (!_readers.TryGetValue(id, out var reader))
            {
                _readers[id] = reader = new Reader();
                _ = Task.Run(() => ReadAsync(id, reader));
            }

            reader.Followers++;
            return (reader, reader.Latest);
        }
    }

    private void Leave(string id, Reader reader)
    {
        lock (_gate)
        {
            if (--reader.Followers == 0)
            {
                reader.Stop.Cancel();
                Forget(id, reader);
            }
        }
    }

    private void Forget(string id, Reader reader)
    {
        if (_readers.GetValueOrDefault(id) == reader)
        {
            _readers.Remove(id);
        }
    }

    private async Task ReadAsync(string id, Reader reader)
    {
        var pending = reader.Latest;
        try
        {
            var sequence = await runs.LastSequenceAsync(id, reader.Stop.Token);
            for (var isOver = false; !isOver;)
            {
                var row = await runs.FindAsync(id, reader.Stop.Token);
                var events = await runs.EventsAsync(id, sequence, MaxEvents, reader.Stop.Token);
                sequence = events is [.., var last] ? last.Sequence : sequence;
                isOver = row is null || (row.Work.State.IsFinal() && events.Count == 0);
                pending = Publish(id, reader, pending, new(row, events, sequence), isOver);
                if (!isOver && events.Count < MaxEvents)
                {
                    await Task.Delay(PollInterval, clock, reader.Stop.Token);
                }
            }
        }
        catch (Exception failure)
        {
            // The current followers get the failure; a later one starts a new reader.
            lock (_gate)
            {
                Forget(id, reader);
            }

            pending.TrySetException(failure);
            _ = pending.Task.Exception; // Observed: all followers may have left.
        }
    }

    /// <summary>Passes a snapshot to the waiting followers.</summary>
    /// <returns>The completion source of the next snapshot.</returns>
    private TaskCompletionSource<Step> Publish(
        string id, Reader reader, TaskCompletionSource<Step> pending, RunSnapshot snapshot, bool isLast)
    {
        var next = new TaskCompletionSource<Step>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            reader.Latest = pending; // Completed below: followers that join from now on start with it.
            if (isLast)
            {
                Forget(id, reader);
            }
        }

        pending.SetResult(new(snapshot, isLast ? null : next));
        return next;
    }

    private readonly record struct Step(RunSnapshot Snapshot, TaskCompletionSource<Step>? Next);

    private sealed class Reader
    {
        public int Followers { get; set; }

        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource<Step> Latest { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
