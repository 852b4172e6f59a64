using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;

namespace CnnService.Torch.Training;

/// <summary>
/// Everything needed to resume a training exactly. Random numbers need no state: they follow from seed, epoch and step.
/// </summary>
/// <param name="Position">How far the training has got.</param>
/// <param name="Tensors">The network's tensors, the optimizer's first and second moments and the best epoch's weights, by prefix.</param>
internal sealed record CheckpointState(CheckpointPosition Position, NamedWeights Tensors)
{
    internal const string Network = "network/";
    internal const string FirstMoments = "first/";
    internal const string SecondMoments = "second/";
    internal const string BestWeights = "best/";

    /// <summary>The tensors under a prefix, named without it.</summary>
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

/// <summary>How far a training has got, with the sums of the epoch in progress.</summary>
/// <param name="Plan">SHA-256 digest of the training plan, see <see cref="DigestOf"/>.</param>
/// <param name="Device">Where it was computed: "cpu" or "cuda:0".</param>
/// <param name="Precision">Of the arithmetic; never auto. A run keeps it on every device.</param>
/// <param name="Epoch">Completed epochs.</param>
/// <param name="Step">Completed steps of the epoch in progress.</param>
/// <param name="OptimizerSteps">Completed steps in total.</param>
/// <param name="Loss">Sum of the loss over the images of the epoch in progress.</param>
/// <param name="Correct">Number of those images that were classified correctly.</param>
/// <param name="Images">Number of those images.</param>
/// <param name="Seconds">Time spent in the epoch in progress.</param>
/// <param name="History">Metrics of the completed epochs.</param>
internal sealed record CheckpointPosition(
    string Plan,
    string Device,
    Precision Precision,
    int Epoch,
    int Step,
    long OptimizerSteps,
    double Loss,
    long Correct,
    long Images,
    double Seconds,
    IReadOnlyList<EpochMetrics> History)
{
    /// <summary>
    /// SHA-256 of what determines a training's result, up to rounding: not the folder, worker and device it runs on, its threads, how
    /// often it saves, the snapshots it records, or the number of its epochs, which is decided again where time is short. On the processor
    /// the result is the same to the bit; a GPU adds up in another order each time.
    /// </summary>
    internal static string DigestOf(TrainingPlan plan) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            plan with
            {
                DatasetFolder = "",
                Epochs = 0,
                Budget = null,
                Device = DeviceChoice.Auto,
                Requires = null,
                Threads = 0,
                CheckpointEvery = TimeSpan.Zero,
                SnapshotBytes = null
            },
            CoreJson.Options)));
}
