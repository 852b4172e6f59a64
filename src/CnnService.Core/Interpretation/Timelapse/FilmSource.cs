using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Snapshots;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>The moments of a run that its film shows.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Dataset">What it learned from.</param>
/// <param name="Kept">Snapshots there are in all.</param>
/// <param name="Moments">In order, at least one.</param>
public sealed record FilmSource(string Run, string Dataset, int Kept, IReadOnlyList<FilmMoment> Moments)
{
    /// <summary>Frames at most.</summary>
    public const int MaxFrames = 64;

    /// <summary>Frames where nothing is said.</summary>
    public const int DefaultFrames = 12;

    /// <summary>The network of each moment, which is the same but for its weights.</summary>
    public LoadedModel First => Moments[0].Network;

    /// <summary>Evenly chosen snapshots of a run, the first and the last among them. Problem code: <c>run.no-snapshots</c>.</summary>
    /// <param name="plan">The run's.</param>
    /// <param name="folder">The run's.</param>
    /// <param name="history">The epochs done.</param>
    /// <param name="frames">1 to 64; fewer where there are fewer.</param>
    public static Outcome<FilmSource> Create(TrainingPlan plan, string folder, IReadOnlyList<EpochMetrics> history, int frames)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(history);
        var snapshots = SnapshotFolder.Read(folder);
        if (snapshots.Count == 0)
        {
            return Problem.NotFound("run.no-snapshots", $"The run '{plan.RunId}' has kept no weights of its epochs: {Reason(plan)}");
        }

        var network = NetworkSpecValidator.Resolve(plan.Network, plan.Classes.Count, new ValidationErrors())
            ?? throw new ArgumentException("The plan's network breaks rules.", nameof(plan));
        var figures = history.ToDictionary(epoch => epoch.Epoch);
        return new FilmSource(plan.RunId, plan.Dataset, snapshots.Count,
        [
            .. SnapshotThinning.SelectEvenly(snapshots, frames).Select(snapshot =>
                new FilmMoment(snapshot.Epoch, Load(plan, network, folder, snapshot), figures.GetValueOrDefault(snapshot.Epoch))),
        ]);
    }

    private static string Reason(TrainingPlan plan) => plan.SnapshotBytes is null
        ? "it was told to keep none (snapshotMebibytes, Training:SnapshotMebibytes; trials of a sweep keep none unless told to)."
        : "it has not begun to train, or there was no room for them, as its log says.";

    private static LoadedModel Load(TrainingPlan plan, ResolvedNetwork network, string folder, Snapshot snapshot) => new(
        $"run {plan.RunId}",
        snapshot.Epoch,
        SnapshotFolder.PathOf(folder, snapshot.Epoch),
        new()
        {
            Classes = plan.Classes,
            Network = plan.Network,
            Architecture = plan.Architecture,
            Preprocessing = plan.Preprocessing,
            Files = [snapshot.Weights, Use(plan)],
            CreatedAt = DateTimeOffset.UnixEpoch,
        },
        network)
    {
        DisplayName = $"run '{plan.RunId}'",
    };

    /// <summary>How the weights are used: two runs may begin with the same ones.</summary>
    private static PackageFile Use(TrainingPlan plan) => new(
        RunFolder.PlanFile, 0,
        Convert.ToHexStringLower(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { plan.Network, plan.Preprocessing }, CoreJson.Options))));
}

/// <summary>A moment of a run.</summary>
/// <param name="Epoch">Epochs done; 0: before the first step.</param>
/// <param name="Network">With the weights of then.</param>
/// <param name="Metrics">Of the epoch; null before the first, and where they are not known.</param>
public sealed record FilmMoment(int Epoch, LoadedModel Network, EpochMetrics? Metrics);
