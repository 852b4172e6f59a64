namespace CnnService.Web.Work;

/// <summary>Identifies this process as the owner of claims. Unique per start of a process, as process ids are reused.</summary>
internal static class WorkerId
{
    public static string Current { get; } = $"{Name}/{Guid.NewGuid():N}";

    /// <summary>The machine, or its container, and the process.</summary>
    public static string Name => $"{Environment.MachineName}/{Environment.ProcessId}";
}
