using System.Text.Json;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Sweeps;

/// <summary>A trial of a sweep in the API.</summary>
internal sealed record TrialResource
{
    /// <summary>Rank from 1, the best; null while it has no score.</summary>
    public int? Rank { get; init; }

    /// <summary>Number in the sweep, from 1.</summary>
    public required int Trial { get; init; }

    /// <summary>Id of its run; null until it is queued.</summary>
    public string? RunId { get; init; }

    public required TrialState State { get; init; }

    /// <summary>The values that distinguish it from other trials, by path into the request.</summary>
    public required JsonElement Values { get; init; }

    /// <summary>Value of the sweep's metric at the best epoch; null if none was validated.</summary>
    public double? Score { get; init; }

    /// <summary>The epoch of the best value.</summary>
    public int? Epoch { get; init; }

    /// <summary>Completed epochs.</summary>
    public int Epochs { get; init; }

    /// <summary>The rung, from 0, at which it was stopped early; null if it was not.</summary>
    public int? StoppedAtRung { get; init; }

    /// <summary>The version of the sweep's model that it produced; null until it has succeeded.</summary>
    public int? Version { get; init; }

    /// <summary>Why it failed or was stopped; null if neither.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Ranked, best first, followed by trials without a score.</summary>
    public static IReadOnlyList<TrialResource> Ranked(SweepRow sweep, IEnumerable<TrialView> trials) =>
        [.. TrialRanking.Rank(trials, trial => trial.Score, trial => trial.Trial, sweep.Metric)
            .Select(ranked => From(sweep, ranked.Trial, ranked.Rank))];

    /// <param name="sweep">The sweep.</param>
    /// <param name="run">State of the trial's run; null: not queued yet.</param>
    /// <param name="isStopped">Whether successive halving stopped it; if a user resumed its run, the run's state counts.</param>
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

/// <summary>State of a trial.</summary>
internal enum TrialState
{
    /// <summary>The trial waits to be queued, or its run for a worker.</summary>
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,

    /// <summary>Stopped early because it was not among the best.</summary>
    Stopped,
}
