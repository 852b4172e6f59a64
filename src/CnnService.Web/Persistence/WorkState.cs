namespace CnnService.Web.Persistence;

/// <summary>State of leased work; the last three are final.</summary>
internal enum WorkState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>Meaning of the states.</summary>
internal static class WorkStates
{
    public static bool IsFinal(this WorkState state) => state is WorkState.Succeeded or WorkState.Failed or WorkState.Cancelled;
}
