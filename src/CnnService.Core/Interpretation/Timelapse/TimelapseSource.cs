using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Snapshots;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>The snapshots of a run that a timelapse is made of.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Dataset">Name of the data set the run trains on.</param>
/// <param name="SnapshotCount">Number of snapshots of the run in total.</param>
/// <param name="Snapshots">In order of epochs, at least one.</param>
public sealed record TimelapseSource(string Run, string Dataset, int SnapshotCount, IReadOnlyList<TimelapseSnapshot> Snapshots)
{
    /// <summary>Most frames.</summary>
    public const int MaxFrames = 64;

    /// <summary>Default number of frames.</summary>
    public const int DefaultFrames = 12;

    /// <summary>The first snapshot; all have the same architecture.</summary>
    public LoadedModel First => Snapshots[0].Network;

    /// <summary>Selects snapshots of a run evenly, including the first and the last. Problem code: <c>run.no-snapshots</c>.</summary>
    /// <param name="plan">Plan of the run.</param>
    /// <param name="folder">Folder of the run.</param>
    /// <param name="history">Metrics of the epochs completed.</param>
    /// <param name="frames">Number of frames, 1 to 64; fewer if there are fewer snapshots.</param>
    public static Outcome<TimelapseSource> Create(TrainingPlan plan, string folder, IReadOnlyList<EpochMetrics> history, int frames)
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
        return new TimelapseSource(plan.RunId, plan.Dataset, snapshots.Count,
        [
            .. SnapshotThinning.SelectEvenly(snapshots, frames).Select(snapshot =>
                new TimelapseSnapshot(snapshot.Epoch, Load(plan, network, folder, snapshot), figures.GetValueOrDefault(snapshot.Epoch))),
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

    /// <summary>
    /// Identifies the preprocessing in place of a manifest file: two runs may start with the same weights and use them differently.
    /// </summary>
    private static PackageFile Use(TrainingPlan plan) => new(
        RunFolder.PlanFile, 0,
        Convert.ToHexStringLower(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { plan.Network, plan.Preprocessing }, CoreJson.Options))));
}

/// <summary>A snapshot of a run.</summary>
/// <param name="Epoch">Epochs completed; 0 before the first step.</param>
/// <param name="Network">The network with the weights of the snapshot.</param>
/// <param name="Metrics">Metrics of the epoch; null before the first, and if they are not known.</param>
public sealed record TimelapseSnapshot(int Epoch, LoadedModel Network, EpochMetrics? Metrics);
