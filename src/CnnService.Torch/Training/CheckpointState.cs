using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;

namespace CnnService.Torch.Training;

/// <summary>Everything a training needs to go on as if it had never stopped. Chance has no state: it follows from seed, epoch and step.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Tensors">The network's, both moments' and the best epoch's, each under its prefix.</param>
internal sealed record CheckpointState(CheckpointPosition Position, NamedWeights Tensors)
{
    internal const string Network = "network/";
    internal const string First = "first/";
    internal const string Second = "second/";
    internal const string Best = "best/";

    /// <summary>The tensors under a prefix, by their names without it.</summary>
    internal NamedWeights Part(string prefix)
    {
        var part = new NamedWeights();
        foreach (var (name, tensor) in Tensors.All.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            part.Add(name[prefix.Length..], tensor);
        }

        return part;
    }
}

/// <summary>The small part of a checkpoint.</summary>
/// <param name="Plan">Digest of the plan it belongs to.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Step">Steps done of the next one.</param>
/// <param name="OptimizerSteps">Steps done in all.</param>
/// <param name="Loss">Sum over the pictures seen in this epoch.</param>
/// <param name="Correct">Of those pictures.</param>
/// <param name="Pictures">How many those are.</param>
/// <param name="Seconds">Spent in this epoch.</param>
/// <param name="History">Epochs done.</param>
internal sealed record CheckpointPosition(
    string Plan,
    int Epoch,
    int Step,
    long OptimizerSteps,
    double Loss,
    long Correct,
    long Pictures,
    double Seconds,
    IReadOnlyList<EpochMetrics> History)
{
    /// <summary>SHA-256 over what decides a training's outcome; where it runs, how often it saves and what it keeps besides does not.</summary>
    internal static string DigestOf(TrainingPlan plan) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            plan with { DatasetFolder = "", Device = DeviceChoice.Auto, Threads = 0, CheckpointEvery = TimeSpan.Zero, SnapshotBytes = null },
            CoreJson.Options)));
}
