namespace CnnService.Core.Common;

/// <summary>
/// Admits expensive work, a bounded number of pieces at a time, fairly between callers: the next turn goes to the caller whose last turn
/// is longest ago, and within a caller to the most urgent piece, then to the oldest. A caller with too many pieces waiting is refused.
/// Thread safe.
/// </summary>
/// <remarks>Remembers the last turn of each caller for as long as it lives, so callers must be few, such as the configured keys.</remarks>
public sealed class FairAdmission
{
    private const double Smoothing = 0.2;

    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    private readonly FairAdmissionBounds _bounds;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CallerTurns> _callers = []; // Guarded by _gate, as are all fields below.
    private readonly List<AdmissionPlace> _waiting = []; // In the order of arrival.
    private int _running;
    private long _turns;
    private TimeSpan _usualDuration;

    /// <param name="bounds">How many run and wait.</param>
    /// <param name="clock">Measures durations, from which the delay of a retry is estimated; null: the system clock.</param>
    public FairAdmission(FairAdmissionBounds bounds, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentOutOfRangeException.ThrowIfLessThan(bounds.MaxConcurrency, 1, nameof(bounds));
        ArgumentOutOfRangeException.ThrowIfLessThan(bounds.PerCaller, 1, nameof(bounds));
        ArgumentOutOfRangeException.ThrowIfLessThan(bounds.MaxWaiting, 1, nameof(bounds));
        (_bounds, _clock) = (bounds, clock ?? TimeProvider.System);
    }

    /// <summary>
    /// Queues a piece of work. If the caller has too many waiting, an attended piece takes the place of the caller's newest piece that
    /// nobody waits for; without one it is refused with <see cref="ProblemKind.TooMany"/>.
    /// </summary>
    /// <param name="asker">Who asks.</param>
    /// <returns>The place; dispose it when the work has ended or is no longer wanted.</returns>
    public Outcome<AdmissionPlace> Enter(Asker asker)
    {
        lock (_gate)
        {
            var caller = Find(asker.Name);
            if (_waiting.Count(place => place.Callers.Contains(caller)) >= _bounds.MaxWaiting && !TryDisplace(caller, asker.Urgency))
            {
                return Refusal();
            }

            var entered = new AdmissionPlace(this, caller, asker.Urgency);
            _waiting.Add(entered);
            Advance();
            return entered;
        }
    }

    private bool TryDisplace(CallerTurns caller, Urgency urgency)
    {
        var weakest = urgency == Urgency.Unattended
            ? null
            : _waiting.LastOrDefault(place => place.Urgency == Urgency.Unattended && place.Callers is [var only] && only == caller);
        if (weakest is null)
        {
            return false;
        }

        _waiting.Remove(weakest);
        weakest.Refuse(Refusal());
        return true;
    }

    /// <summary>Admits waiting pieces while there is room. Called under the lock.</summary>
    private void Advance()
    {
        while (_running < _bounds.MaxConcurrency && Next() is var (place, caller))
        {
            _waiting.Remove(place);
            _running++;
            caller.Running++;
            caller.LastTurn = ++_turns;
            place.Admit(caller, _clock.GetTimestamp());
        }
    }

    /// <summary>The piece whose turn it is, and the caller whose turn it takes; of equals the oldest. Null if none may run.</summary>
    private (AdmissionPlace Place, CallerTurns Caller)? Next() => _waiting
        .SelectMany(place => place.Callers, (place, caller) => ((AdmissionPlace Place, CallerTurns Caller)?)(place, caller))
        .Where(turn => turn!.Value.Caller.Running < _bounds.PerCaller)
        .MinBy(turn => (turn!.Value.Caller.LastTurn, -(int)turn.Value.Place.Urgency));

    internal void Leave(AdmissionPlace place)
    {
        lock (_gate)
        {
            _waiting.Remove(place);
            if (place.Runner is { } runner)
            {
                _running--;
                runner.Running--;
                var took = _clock.GetElapsedTime(place.Started);
                _usualDuration = _usualDuration == TimeSpan.Zero ? took : (_usualDuration * (1 - Smoothing)) + (took * Smoothing);
            }

            Advance();
        }
    }

    internal void Withdraw(AdmissionPlace place)
    {
        lock (_gate)
        {
            _waiting.Remove(place);
        }
    }

    internal void Join(AdmissionPlace place, string name)
    {
        lock (_gate)
        {
            var caller = Find(name);
            if (!place.Callers.Contains(caller))
            {
                place.Callers.Add(caller);
                Advance(); // The caller that joined may have a turn now.
            }
        }
    }

    private CallerTurns Find(string caller)
    {
        if (!_callers.TryGetValue(caller, out var turns))
        {
            _callers[caller] = turns = new();
        }

        return turns;
    }

    private Problem Refusal() => new(
        ProblemKind.TooMany, _bounds.Code,
        $"At most {_bounds.MaxWaiting} {_bounds.What} of one caller wait for their turn, and that many wait: ask again when some are done.")
    {
        RetryAfter = _usualDuration < ShortestRetry ? ShortestRetry : _usualDuration > LongestRetry ? LongestRetry : _usualDuration,
    };
}
