namespace CnnService.Web.Persistence;

/// <summary>
/// Caches the result of one database query for a short time; afterwards a single query refreshes it for all callers, who use the cached
/// result meanwhile while it is not old. If the database does not answer, the cached result remains in use. Thread safe.
/// </summary>
/// <param name="query">Runs the query; may outlive its caller.</param>
/// <param name="isCacheable">Whether a result is worth caching; if not, the next caller queries again.</param>
/// <param name="outage">Shared knowledge that the database is unavailable.</param>
/// <param name="clock">Measures the age of the result.</param>
internal sealed class CachedQuery<T>(Func<Task<T>> query, Func<T, bool> isCacheable, StoreOutage outage, TimeProvider clock)
    where T : class
{
    /// <summary>Age up to which a result is used without a new query.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Age up to which a result is used while a new query runs, for which nobody waits; also the longest delay until changes by other
    /// processes are seen.
    /// </summary>
    public static readonly TimeSpan UsableFor = TimeSpan.FromSeconds(10);

    /// <summary>How long a caller that could use the cached result waits for a new one.</summary>
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a caller waits if the cached result is known to be outdated, or there is none.</summary>
    private static readonly TimeSpan LongTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private T? _cached;
    private long _cachedAt;
    private bool _isExpired;
    private Task<T>? _running;
    private long _queriedAt;

    /// <summary>Marks the result as outdated by a change of this process: the next caller waits for a new one.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            (_isExpired, _running) = (true, null);
        }
    }

    /// <summary>The cached result while it is fresh, else a new one; the cached one too if the database does not answer in time.</summary>
    /// <param name="hasFallback">Whether the caller has a fallback, and so waits only briefly even if nothing is cached.</param>
    /// <exception cref="StoreUnavailableException">The database does not answer, and nothing is cached.</exception>
    public async Task<(T Answer, bool IsNew)> GetAsync(bool hasFallback = false)
    {
        Task<T> running;
        T? cached;
        TimeSpan timeout;
        lock (_gate)
        {
            cached = _cached;
            if (cached is not null && UseCached())
            {
                return (cached, false);
            }

            running = StartQuery();
            var waitsLong = cached is null ? !hasFallback : _isExpired;
            timeout = waitsLong ? LongTimeout : ShortTimeout - clock.GetElapsedTime(_queriedAt);
        }

        try
        {
            return (await running.WaitAsync(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, clock), true);
        }
        catch (TimeoutException slow)
        {
            outage.Report();
            return cached is not null
                ? (cached, false)
                : throw new StoreUnavailableException("The database does not answer; try again.", slow);
        }
        catch (StoreUnavailableException) when (cached is not null)
        {
            return (cached, false);
        }
    }

    /// <summary>Queries in the background, without waiting.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            StartQuery();
        }
    }

    /// <summary>Queries anew, whatever is cached.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public async Task<T> QueryAsync()
    {
        Task<T> running;
        lock (_gate)
        {
            _running = null; // A query already running may predate the change.
            running = StartQuery();
        }

        try
        {
            return await running.WaitAsync(LongTimeout, clock);
        }
        catch (TimeoutException slow)
        {
            outage.Report();
            throw new StoreUnavailableException("The database does not answer; try again.", slow);
        }
    }

    /// <summary>
    /// Whether the cached result is used without waiting; starts a query where it is no longer fresh. The caller holds the lock.
    /// </summary>
    private bool UseCached()
    {
        var age = clock.GetElapsedTime(_cachedAt);
        if (!_isExpired && age < FreshFor)
        {
            return true;
        }

        var isUsable = !_isExpired && age < UsableFor;
        if (outage.IsKnown ? outage.TryBeginProbe() : isUsable)
        {
            StartQuery();
        }

        return isUsable || outage.IsKnown;
    }

    /// <summary>The running query unless it hangs, else a new one. The caller holds the lock.</summary>
    private Task<T> StartQuery()
    {
        if (_running is not null && clock.GetElapsedTime(_queriedAt) < LongTimeout)
        {
            return _running;
        }

        var (queriedAt, result) = (clock.GetTimestamp(), new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));
        (_running, _queriedAt) = (result.Task, queriedAt);
        _ = Task.Run(() => CompleteAsync(result, queriedAt));
        return result.Task;
    }

    private async Task CompleteAsync(TaskCompletionSource<T> result, long queriedAt)
    {
        try
        {
            var found = await query();
            outage.End();
            Cache(result.Task, found, queriedAt);
            result.SetResult(found);
        }
        catch (Exception failure)
        {
            if (failure is StoreUnavailableException)
            {
                outage.Report();
            }

            Forget(result.Task);
            result.SetException(failure);
            _ = result.Task.Exception; // Observed: all callers may have stopped waiting.
        }
    }

    /// <summary>Caches a result, unless a change or a later query has superseded it.</summary>
    private void Cache(Task<T> running, T result, long queriedAt)
    {
        lock (_gate)
        {
            if (_running != running)
            {
                return;
            }

            (_running, _isExpired, _cachedAt) = (null, false, queriedAt);
            _cached = isCacheable(result) ? result : null;
        }
    }

    private void Forget(Task<T> running)
    {
        lock (_gate)
        {
            _running = _running == running ? null : _running;
        }
    }
}
