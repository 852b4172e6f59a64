namespace CnnService.Web.Work;

/// <summary>Identifies this process as the owner of claims. Unique per start of a process, as process ids are reused.</summary>
internal static class WorkerId
{
    public static string Current { get; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
}
