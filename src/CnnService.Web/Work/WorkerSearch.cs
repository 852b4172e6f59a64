using CnnService.Web.Hosting;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Tells what a queued run waits for, where it is more than its turn.</summary>
internal sealed class WorkerSearch(WorkerStore workers, WorkerAbility ability, RoleOptions roles, IConfiguration configuration)
{
    private const int MaxNamed = 5;

    /// <summary>One sentence; null if a worker can take the run, or if it does not wait.</summary>
    public async Task<string?> ExplainAsync(RunRow run, CancellationToken cancel) => run.Work.State != WorkState.Queued ? null
        : Explain(
            new(run.Id, run.Work.Fence, run.Work.Requires),
            configuration.HasPostgres() ? await workers.LiveAsync(cancel) : [ability.Describe()]);

    /// <summary>What no worker of this service will ever have, where this process is the only one; null elsewhere.</summary>
    /// <param name="requires">Labels of a plan.</param>
    public string? Refuse(IReadOnlyList<string>? requires) =>
        configuration.HasPostgres() || !roles.IsWorker || requires is null ? null : Lack(Waiting(requires), [ability.Describe()]);

    private static WaitingWork Waiting(IReadOnlyList<string> requires) =>
        new(string.Empty, 0, LeasedWork.Requiring(requires).Requires);

    private static string? Explain(WaitingWork work, List<WorkerRow> live)
    {
        if (live.Count == 0)
        {
            return "No worker is running.";
        }

        var able = live.Where(worker => worker.Missing(work).Count == 0).ToList();
        return able.Count == 0 ? Lack(work, live)
            : able.TrueForAll(worker => worker.Unready is not null) ? $"No worker can train now; {able[0].Name}: {able[0].Unready}"
            : null;
    }

    private static string? Lack(WaitingWork work, List<WorkerRow> live) => live.TrueForAll(worker => worker.Missing(work).Count > 0)
        ? $"It requires a worker with {string.Join(", ", work.RequiredLabels)}; "
            + string.Join("; ", live.Take(MaxNamed).Select(worker => $"{worker.Name} lacks {string.Join(", ", worker.Missing(work))}"))
            + (live.Count > MaxNamed ? $"; and {live.Count - MaxNamed} more." : ".")
        : null;
}
