using System.Text.Json;
using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Sweeps;

/// <summary>A sweep with its trials.</summary>
internal sealed record SweepResource
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required SweepState State { get; init; }

    /// <summary>The metric that trials are ranked by.</summary>
    public required MonitoredMetric Metric { get; init; }

    public required int Parallel { get; init; }

    /// <summary>Successive halving; null: no trial is stopped early.</summary>
    public HalvingSpec? Halving { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Number of the data set's revision.</summary>
    public required int DatasetRevision { get; init; }

    /// <summary>The model that the trials publish versions of; its alias <c>best</c> names the best of them.</summary>
    public required string Model { get; init; }

    public required SweepProgress Progress { get; init; }

    /// <summary>The best trial; null while none has a score.</summary>
    public TrialResource? Best { get; init; }

    /// <summary>Ranked, best first, followed by trials without a score.</summary>
    public required IReadOnlyList<TrialResource> Trials { get; init; }

    /// <summary>The request as it was sent.</summary>
    public required JsonElement Request { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public static SweepResource From(SweepRow row, IEnumerable<TrialView> views)
    {
        var trials = TrialResource.Ranked(row, views);
        return new()
        {
            Id = row.Id,
            Name = row.Name,
            State = row.State,
            Metric = row.Metric,
            Parallel = row.Parallel,
            Halving = row.Halving(),
            Dataset = row.Dataset,
            DatasetRevision = row.DatasetRevision,
            Model = row.Model,
            Progress = SweepProgress.From(trials.Select(trial => (trial.State, 1))),
            Best = trials.FirstOrDefault(trial => trial.Rank == 1),
            Trials = trials,
            Request = JsonSerializer.Deserialize<JsonElement>(row.Request),
            CreatedAt = row.CreatedAt,
            FinishedAt = row.FinishedAt,
        };
    }
}

/// <summary>A sweep in a list.</summary>
internal sealed record SweepSummary(
    string Id,
    string Name,
    SweepState State,
    MonitoredMetric Metric,
    int Parallel,
    string Dataset,
    int DatasetRevision,
    string Model,
    SweepProgress Progress,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt)
{
    public static SweepSummary From(SweepRow row, IEnumerable<TrialCount> counts) => new(
        row.Id,
        row.Name,
        row.State,
        row.Metric,
        row.Parallel,
        row.Dataset,
        row.DatasetRevision,
        row.Model,
        SweepProgress.From(counts.Select(count => (TrialResource.StateOf(row, count.State, count.IsStopped), count.Count))),
        row.CreatedAt,
        row.FinishedAt);
}

/// <param name="Trials">Number of trials.</param>
/// <param name="Finished">Trials that have ended, whatever their result, including those stopped early.</param>
/// <param name="Running">Trials that are training.</param>
/// <param name="Queued">Trials that wait.</param>
/// <param name="Stopped">Trials stopped early.</param>
internal sealed record SweepProgress(int Trials, int Finished, int Running, int Queued, int Stopped)
{
    public static SweepProgress From(IEnumerable<(TrialState State, int Count)> trials)
    {
        var counts = trials.ToLookup(trial => trial.State, trial => trial.Count);
        var (all, running, queued) = (counts.Sum(state => state.Sum()), counts[TrialState.Running].Sum(), counts[TrialState.Queued].Sum());
        return new(all, all - running - queued, running, queued, counts[TrialState.Stopped].Sum());
    }
}
