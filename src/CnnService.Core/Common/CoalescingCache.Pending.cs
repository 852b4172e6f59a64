namespace CnnService.Core.Common;

public sealed partial class CoalescingCache<TKey, TValue>
{
    /// <summary>One computation and its waiters. Guarded by the cache's lock, except <see cref="Result"/>.</summary>
    private sealed class PendingComputation
    {
        private readonly CancellationTokenSource _cancel;
        private readonly int[] _waiters = new int[Enum.GetValues<Urgency>().Length];
        private ITimer? _timer;
        private Action? _log;

        public PendingComputation(TKey key, CancellationTokenSource cancel, AdmissionPlace? place, Asker asker)
        {
            (Key, _cancel, Cancelled, Place) = (key, cancel, cancel.Token, place);
            _waiters[(int)asker.Urgency]++;
        }

        public TKey Key { get; }

        public CancellationToken Cancelled { get; }

        /// <summary>Its place in the admission, disposed by whoever runs the computation; null if there is no admission.</summary>
        public AdmissionPlace? Place { get; }

        public Task<Outcome<TValue>> Result { get; private set; } = null!;

        public bool HasEnded { get; private set; }

        /// <summary>A caller has been given the result.</summary>
        public bool IsTold { get; private set; }

        /// <summary>How long the result is kept if nobody is told; set at the end.</summary>
        public TimeSpan KeepUntold { get; private set; }

        public bool HasWaiters => _waiters.Any(count => count > 0);

        /// <summary>Not ended, and without waiters.</summary>
        public bool IsAbandoned => !HasEnded && !HasWaiters;

        public void Start(Task<Outcome<TValue>> result) => Result = result;

        public void Join(Asker asker)
        {
            Schedule(null);
            _waiters[(int)asker.Urgency]++;
            Place?.Join(asker.Name);
            Rank();
        }

        public void Leave(Urgency urgency, bool isTold)
        {
            _waiters[(int)urgency]--;
            IsTold |= isTold;
            Rank();
        }

        /// <summary>Replaces the timer that will abandon the computation, or forget its result.</summary>
        public void Schedule(ITimer? timer)
        {
            _timer?.Dispose();
            _timer = timer;
        }

        /// <summary>CancelAsync runs the token's callbacks on the thread pool, so none of them runs under the lock.</summary>
        public void Cancel()
        {
            Place?.Withdraw();
            _ = _cancel.CancelAsync();
        }

        public void End(TimeSpan keepUntold, Action? log)
        {
            (HasEnded, KeepUntold, _log) = (true, keepUntold, log);
            Schedule(null);
            _cancel.Dispose();
        }

        /// <summary>What logs the failure, the first time only.</summary>
        public Action? TakeLog()
        {
            var log = _log;
            _log = null;
            return log;
        }

        private void Rank()
        {
            if (Place is { } place)
            {
                place.Urgency = (Urgency)Math.Max(0, Array.FindLastIndex(_waiters, count => count > 0));
            }
        }
    }
}
