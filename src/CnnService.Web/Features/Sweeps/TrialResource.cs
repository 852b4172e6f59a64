using System.Text.Json;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Sweeps;

/// <summary>A trial as the API shows it.</summary>
internal sealed record TrialResource
{
    /// <summary>From 1, the best; null while there is no score.</summary>
    public int? Rank { get; init; }

    /// <summary>Its number in the sweep, from 1.</summary>
    public required int Trial { get; init; }

    /// <summary>Null while it waits for its turn.</summary>
    public string? RunId { get; init; }

    public required TrialState State { get; init; }

    /// <summary>What it does not have in common with the other trials, by path into the request.</summary>
    public required JsonElement Values { get; init; }

    /// <summary>The sweep's metric at the trial's best epoch.</summary>
    public double? Score { get; init; }

    /// <summary>The epoch that had it.</summary>
    public int? Epoch { get; init; }

    /// <summary>Epochs done.</summary>
    public int Epochs { get; init; }

    /// <summary>The rung, from 0, at which it was ended early.</summary>
    public int? StoppedAtRung { get; init; }

    /// <summary>Its version of the sweep's model, once it succeeded.</summary>
    public int? Version { get; init; }

    /// <summary>What it failed with, or why it was stopped.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Ranked, best first; those without a score after them.</summary>
    public static IReadOnlyList<TrialResource> Ranked(SweepRow sweep, IEnumerable<TrialView> trials)
    {
        var byScore = trials.ToLookup(trial => trial.Score is not null);
        return
        [
            .. byScore[true].OrderBy(trial => trial.Score!.Value, sweep.Metric.BestFirst()).ThenBy(trial => trial.Trial)
                .Select((trial, i) => From(sweep, trial, i + 1)),
            .. byScore[false].OrderBy(trial => trial.Trial).Select(trial => From(sweep, trial, null)),
        ];
    }

    /// <param name="sweep">The sweep.</param>
    /// <param name="run">State of the trial's run; null: it waits.</param>
    /// <param name="isStopped">Whether a rung ended it; a run that a person resumed is what it is.</param>
    public static TrialState StateOf(SweepRow sweep, WorkState? run, bool isStopped) => run switch
    {
        null => sweep.CancelRequested || sweep.State != SweepState.Running ? TrialState.Cancelled : TrialState.Queued,
        WorkState.Queued => TrialState.Queued,
        WorkState.Running => TrialState.Running,
        WorkState.Succeeded => TrialState.Succeeded,
        WorkState.Failed => TrialState.Failed,
        _ => isStopped ? TrialState.Stopped : TrialState.Cancelled,
    };

    private static TrialResource From(SweepRow sweep, TrialView trial, int? rank) => new()
    {
        Rank = rank,
        Trial = trial.Trial,
        RunId = trial.RunId,
        State = StateOf(sweep, trial.State, trial.StoppedAtRung is not null),
        Values = JsonSerializer.Deserialize<JsonElement>(trial.Values),
        Score = trial.Score,
        Epoch = trial.ScoreEpoch,
        Epochs = trial.Epochs,
        StoppedAtRung = trial.StoppedAtRung,
        Version = trial.Version,
        Failure = Failure.From(trial.Failure),
    };
}

/// <summary>The life of a trial.</summary>
internal enum TrialState
{
    /// <summary>It waits for its turn, or its run for a worker.</summary>
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,

    /// <summary>Ended early, as not among the best.</summary>
    Stopped,
}
