namespace CnnService.Web.Persistence;

/// <summary>
/// Caches the result of one database query for a short time; afterwards a single query refreshes it for all callers. If the database does
/// not answer in time, the cached result remains in use. Thread safe.
/// </summary>
/// <param name="ask">Runs the query; may outlive its caller.</param>
/// <param name="isKept">Whether a result is worth caching; if not, the next caller queries again.</param>
/// <param name="absence">Shared knowledge that the database is unavailable.</param>
/// <param name="clock">Measures the age of the result.</param>
internal sealed class LastAnswer<T>(Func<Task<T>> ask, Func<T, bool> isKept, StoreAbsence absence, TimeProvider clock)
    where T : class
{
    /// <summary>Age up to which a result is used without a new query; also the delay until changes by other processes are seen.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);

    /// <summary>How long a caller that could use the cached result waits for a new one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a caller waits if the cached result is known to be outdated, or there is none.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private T? _known;
    private long _knownAt;
    private bool _isExpired;
    private Task<T>? _asking;
    private long _askedAt;

    /// <summary>Marks the result as outdated by a change of this process: the next caller waits for a new one.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            (_isExpired, _asking) = (true, null);
        }
    }

    /// <summary>The cached result while it is fresh, else a new one; the cached one too if the database does not answer in time.</summary>
    /// <param name="canDoWithout">Whether the caller has a fallback, and so waits only briefly even if nothing is cached.</param>
    /// <exception cref="StoreUnavailableException">The database does not answer, and nothing is cached.</exception>
    public async Task<(T Answer, bool IsNew)> GetAsync(bool canDoWithout = false)
    {
        Task<T> asking;
        T? known;
        TimeSpan patience;
        lock (_gate)
        {
            known = _known;
            if (known is not null && (absence.IsRecent || (!_isExpired && clock.GetElapsedTime(_knownAt) < FreshFor)))
            {
                return (known, false);
            }

            asking = Ask();
            var isPatient = known is null ? !canDoWithout : _isExpired;
            patience = isPatient ? LongPatience : Patience - clock.GetElapsedTime(_askedAt);
        }

        try
        {
            return (await asking.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, clock), true);
        }
        catch (TimeoutException slow)
        {
            absence.Notice();
            return known is not null
                ? (known, false)
                : throw new StoreUnavailableException("The database does not answer; try again.", slow);
        }
        catch (StoreUnavailableException) when (known is not null)
        {
            return (known, false);
        }
    }

    /// <summary>Queries anew, whatever is cached.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public async Task<T> AskAsync()
    {
        Task<T> asking;
        lock (_gate)
        {
            _asking = null; // A query already running may predate the change.
            asking = Ask();
        }

        try
        {
            return await asking.WaitAsync(LongPatience, clock);
        }
        catch (TimeoutException slow)
        {
            absence.Notice();
            throw new StoreUnavailableException("The database does not answer; try again.", slow);
        }
    }

    /// <summary>The running query unless it hangs, else a new one. The caller holds the lock.</summary>
    private Task<T> Ask()
    {
        if (_asking is not null && clock.GetElapsedTime(_askedAt) < LongPatience)
        {
            return _asking;
        }

        var (asked, answer) = (clock.GetTimestamp(), new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));
        (_asking, _askedAt) = (answer.Task, asked);
        _ = Task.Run(() => CompleteAsync(answer, asked));
        return answer.Task;
    }

    private async Task CompleteAsync(TaskCompletionSource<T> answer, long asked)
    {
        try
        {
            var found = await ask();
            Keep(answer.Task, found, asked);
            answer.SetResult(found);
        }
        catch (Exception failure)
        {
            if (failure is StoreUnavailableException)
            {
                absence.Notice();
            }

            Forget(answer.Task);
            answer.SetException(failure);
            _ = answer.Task.Exception; // Observed: all callers may have stopped waiting.
        }
    }

    /// <summary>Caches a result, unless a change or a later query has superseded it.</summary>
    private void Keep(Task<T> asking, T answer, long asked)
    {
        lock (_gate)
        {
            if (_asking != asking)
            {
                return;
            }

            (_asking, _isExpired, _knownAt) = (null, false, asked);
            _known = isKept(answer) ? answer : null;
        }
    }

    private void Forget(Task<T> asking)
    {
        lock (_gate)
        {
            _asking = _asking == asking ? null : _asking;
        }
    }
}
