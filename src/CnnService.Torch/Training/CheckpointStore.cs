using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Torch.Training;

/// <summary>
/// A run's checkpoint folder. Keeps the two newest, so that a corrupt file does not end the run. For a single writer.
/// </summary>
/// <param name="folder">Must exist.</param>
/// <param name="plan">Digest of the run's plan.</param>
internal sealed class CheckpointStore(string folder, string plan)
{
    private const int RetainedCount = 2;
    private const string Pattern = "checkpoint-*.ckpt";

    internal void Save(CheckpointState state)
    {
        CheckpointFile.Write(Path.Combine(folder, NameOf(state.Position)), state);
        foreach (var old in NewestFirst(folder).Skip(RetainedCount))
        {
            File.Delete(old);
        }
    }

    /// <summary>
    /// Loads the newest usable checkpoint, null if there are none. Unusable ones are reported to <paramref name="log"/> and deleted if an
    /// older one replaces them. Problems: <c>checkpoint.unreadable</c>, <c>checkpoint.mismatch</c>.
    /// </summary>
    internal Outcome<CheckpointState?> Load(Action<string> log)
    {
        RemoveUnfinished();
        var broken = new List<string>();
        foreach (var path in NewestFirst(folder))
        {
            if (CheckpointFile.Read(path, out var fault) is { } state)
            {
                broken.ForEach(File.Delete);
                return state.Position.Plan == plan ? state : Problem.Conflict(
                    "checkpoint.mismatch", $"The checkpoint {Path.GetFileName(path)} belongs to another plan than this run's.");
            }

            broken.Add(path);
            log($"The checkpoint {Path.GetFileName(path)} cannot be used: {fault}.");
        }

        return broken.Count == 0 ? (CheckpointState?)null : new Problem(
            ProblemKind.Internal, "checkpoint.unreadable", $"None of the run's {broken.Count} checkpoints can be used; train anew.");
    }

    /// <summary>A sentence about the last checkpoint of a run that failed; saved checkpoints hold finite numbers only.</summary>
    internal static string DescribeLast(string folder)
    {
        var position = NewestFirst(folder).Select(path => Path.GetFileNameWithoutExtension(path).Split('-')).FirstOrDefault();
        return position is null
            ? "It was never saved."
            : $"The last good checkpoint is kept: {int.Parse(position[1], CultureInfo.InvariantCulture)} epochs and "
                + $"{int.Parse(position[2], CultureInfo.InvariantCulture)} steps.";
    }

    private static string NameOf(CheckpointPosition position) => $"checkpoint-{position.Epoch:D5}-{position.Step:D9}.ckpt";

    private static IEnumerable<string> NewestFirst(string folder) =>
        Directory.GetFiles(folder, Pattern).OrderDescending(StringComparer.Ordinal);

    private void RemoveUnfinished()
    {
        foreach (var path in Directory.GetFiles(folder, $"*{DurableFile.TemporaryMark}*"))
        {
            File.Delete(path);
        }
    }
}
