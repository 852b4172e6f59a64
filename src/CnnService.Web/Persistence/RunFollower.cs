using System.Runtime.CompilerServices;

namespace CnnService.Web.Persistence;

/// <summary>
/// Reads the rows of runs that somebody follows: one reader per run, however many follow it. A run that nobody follows is not read.
/// Thread safe.
/// </summary>
internal sealed class RunFollower(RunStore runs, TimeProvider clock)
{
    /// <summary>Events in one snapshot; further ones are in the next, which comes at once.</summary>
    public const int MaxEvents = 256;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();

    // Guarded by _gate, as are the fields of its values.
    private readonly Dictionary<string, Reader> _readers = new(StringComparer.Ordinal);

    /// <summary>
    /// The snapshots of a run from now on, the present one first; they come every half second, changed or not. Ends after the snapshot of
    /// a run that is over and has no new events, or that is gone.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="cancel">Ends this caller's part; the others go on.</param>
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
            // The followers meet the failure, and whoever comes later begins anew.
            lock (_gate)
            {
                Forget(id, reader);
            }

            pending.TrySetException(failure);
            _ = pending.Task.Exception; // All of them may have left.
        }
    }

    /// <summary>Hands a snapshot to those who wait for it.</summary>
    /// <returns>What the next snapshot is to be put into.</returns>
    private TaskCompletionSource<Step> Publish(
        string id, Reader reader, TaskCompletionSource<Step> pending, RunSnapshot snapshot, bool isLast)
    {
        var next = new TaskCompletionSource<Step>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            reader.Latest = pending; // Complete in a moment: whoever joins from now on begins with it.
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
