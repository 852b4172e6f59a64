namespace CnnService.Core.Common;

/// <summary>A piece of work that waits in a <see cref="FairAdmission"/> or runs. Disposing it gives up the place. Thread safe.</summary>
public sealed class AdmissionPlace : IDisposable
{
    private readonly FairAdmission _admission;
    private readonly TaskCompletionSource<Problem?> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _urgency;
    private int _isDisposed;

    internal AdmissionPlace(FairAdmission admission, CallerTurns caller, Urgency urgency) =>
        (_admission, Callers, _urgency) = (admission, [caller], (int)urgency);

    /// <summary>Completes when the work may run, with null, or when it was displaced, with the problem.</summary>
    public Task<Problem?> Admitted => _admitted.Task;

    /// <summary>Decides among the pieces of one caller while this one waits.</summary>
    public Urgency Urgency
    {
        get => (Urgency)_urgency;
        set => _urgency = (int)value;
    }

    /// <summary>All that want the result. Guarded by the admission's lock.</summary>
    internal List<CallerTurns> Callers { get; }

    /// <summary>The caller whose turn it took; null while it waits. Guarded by the admission's lock.</summary>
    internal CallerTurns? Runner { get; private set; }

    /// <summary>Timestamp of its admission. Guarded by the admission's lock.</summary>
    internal long Started { get; private set; }

    /// <summary>A further caller wants the same result: the work runs at the first turn of any of them.</summary>
    public void Join(string caller) => _admission.Join(this, caller);

    /// <summary>Gives up the place if the work still waits for its turn.</summary>
    public void Withdraw() => _admission.Withdraw(this);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _admission.Leave(this);
        }
    }

    internal void Admit(CallerTurns runner, long now)
    {
        (Runner, Started) = (runner, now);
        _admitted.SetResult(null);
    }

    internal void Refuse(Problem problem) => _admitted.SetResult(problem);
}
