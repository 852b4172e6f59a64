using CnnService.Core.Training;

namespace CnnService.Web.Persistence;

/// <summary>A worker of those that share a database, as it told last.</summary>
internal sealed class WorkerRow
{
    /// <summary>Unique per start of a process.</summary>
    public required string Id { get; set; }

    /// <summary>Machine and process.</summary>
    public required string Name { get; set; }

    /// <summary>What it has, separated by spaces.</summary>
    public required string Labels { get; set; }

    /// <summary>Why it trains nothing now; null if it can.</summary>
    public string? Unready { get; set; }

    /// <summary>When it told, UTC, by the clock of <see cref="StoreClock"/>.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>Those of the required labels that it does not meet.</summary>
    public IReadOnlyList<WorkerLabel> Missing(WaitingWork work) => WorkerLabel.Missing(
        work.RequiredLabels, [.. LeasedWork.Split(Labels).Select(WorkerLabel.Parse).OfType<WorkerLabel>()]);
}
