namespace CnnService.Web.Work;

/// <summary>Who claims work: one a process and start, since two processes on one machine differ, and so do two lives of one.</summary>
internal static class WorkerId
{
    public static string Mine { get; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
}
