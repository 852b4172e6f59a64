namespace CnnService.Core.Training;

/// <summary>Lifecycle state of a training run.</summary>
public enum RunState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>Properties and transitions of run states.</summary>
public static class RunStates
{
    public static bool IsFinal(this RunState state) => state is RunState.Succeeded or RunState.Failed or RunState.Cancelled;

    /// <summary>
    /// Whether a transition is allowed. Running to queued is a shutdown or takeover; failed or cancelled to queued is a
    /// resume.
    /// </summary>
    public static bool MayBecome(this RunState from, RunState to) => (from, to) switch
    {
        (RunState.Queued, RunState.Running or RunState.Cancelled or RunState.Failed) => true,
        (RunState.Running, RunState.Queued or RunState.Succeeded or RunState.Failed or RunState.Cancelled) => true,
        (RunState.Failed or RunState.Cancelled, RunState.Queued) => true,
        _ => false,
    };
}
