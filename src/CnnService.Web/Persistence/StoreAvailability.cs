namespace CnnService.Web.Persistence;

/// <summary>
/// Tells the log of a database that does not answer: once, then the number of failed operations each minute, then that it answers again;
/// of one that comes and goes, once a minute. Thread safe.
/// </summary>
internal sealed partial class StoreAvailability(OutageFlag flag, TimeProvider clock, ILogger<StoreAvailability> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private long? _since;
    private long? _toldAt;
    private bool _isTold;
    private long _failures;

    /// <summary>To be called for each operation that failed because the database does not answer.</summary>
    public void Failed(StoreUnavailableException failure)
    {
        lock (_gate)
        {
            flag.IsAway = true;
            _since ??= clock.GetTimestamp();
            _failures++;
            if (_toldAt is not { } toldAt || clock.GetElapsedTime(toldAt) >= Interval)
            {
                _toldAt = clock.GetTimestamp();
                _isTold = true;
                LogAway(failure.Message, failure.InnerException?.GetBaseException().Message, _failures);
            }
        }
    }

    /// <summary>To be called for each operation that succeeded.</summary>
    public void Answered()
    {
        if (!flag.IsAway)
        {
            return;
        }

        lock (_gate)
        {
            if (_since is { } since)
            {
                if (_isTold)
                {
                    LogBack(clock.GetElapsedTime(since).TotalSeconds, _failures);
                }

                (flag.IsAway, _since, _isTold, _failures) = (false, null, false, 0);
            }
        }
    }
}
