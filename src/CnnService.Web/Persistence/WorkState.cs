namespace CnnService.Web.Persistence;

/// <summary>The life of work that is done on a lease; the last three are its end.</summary>
internal enum WorkState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>What states mean.</summary>
internal static class WorkStates
{
    public static bool IsFinal(this WorkState state) => state is WorkState.Succeeded or WorkState.Failed or WorkState.Cancelled;
}
