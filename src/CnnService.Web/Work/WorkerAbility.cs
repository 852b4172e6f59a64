using System.Globalization;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>
/// What this worker has, and whether it can train now. Loads the tensor library when that is first asked. Thread safe.
/// </summary>
internal sealed class WorkerAbility(IOptions<WorkerOptions> options, ITorchRuntime torch, DataFolders folders)
{
    private readonly WorkerLabel[] _own = [.. options.Value.Labels.Select(label => WorkerLabel.Parse(label)!)];

    public IReadOnlyList<WorkerLabel> Labels => [.. _own, .. Found().Where(found => _own.All(own => own.Name != found.Name))];

    /// <summary>Why it trains nothing now, in one sentence; null if it can.</summary>
    public string? Unready =>
        torch.Status.Match<string?>(_ => null, problem => problem.Detail) ?? DiskSpaceCheck.Check(folders)?.Detail;

    /// <summary>What it tells of itself now.</summary>
    public WorkerRow Describe() => new()
    {
        Id = WorkerId.Current,
        Name = WorkerId.Name,
        Labels = string.Join(' ', Labels),
        Unready = Unready,
    };

    /// <summary>Whether it may claim a row.</summary>
    /// <param name="trains">Whether the row's work is training.</param>
    /// <param name="work">The row's requirements.</param>
    public bool CanTake(bool trains, WaitingWork work) =>
        (work.Requires is null || WorkerLabel.Missing(work.RequiredLabels, Labels).Count == 0) && (!trains || Unready is null);

    private IEnumerable<WorkerLabel> Found()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        yield return new(WorkerLabel.Memory, memory.ToString(CultureInfo.InvariantCulture));
        if (torch.Status.Match(info => info.Devices.Any(device => device != "cpu"), _ => false))
        {
            yield return new(WorkerLabel.Gpu, null);
        }
    }
}
