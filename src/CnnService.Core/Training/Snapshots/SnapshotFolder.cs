using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Snapshots;

/// <summary>
/// The snapshots of a run: <c>snapshots/00003/weights.safetensors</c>, described by <c>snapshot.json</c> beside it. A folder named by an
/// epoch's number is complete. Single writer; readers must expect that a listed snapshot has been deleted.
/// </summary>
public static class SnapshotFolder
{
    private const string DescriptionFile = "snapshot.json";

    /// <summary>The existing snapshots, in order of epochs.</summary>
    /// <param name="run">The run's folder.</param>
    public static IReadOnlyList<Snapshot> Read(string run)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(run, RunFolder.SnapshotsFolder)).Select(Describe).OfType<Snapshot>()
                .OrderBy(snapshot => snapshot.Epoch)];
        }
        catch (DirectoryNotFoundException)
        {
            return []; // No snapshot was written, or the run is being deleted.
        }
    }

    /// <summary>Path of an epoch's snapshot.</summary>
    public static string PathOf(string run, int epoch) =>
        Path.Combine(run, RunFolder.SnapshotsFolder, epoch.ToString("D5", CultureInfo.InvariantCulture));

    /// <summary>Writes a snapshot durably and atomically, replacing an older one of the same epoch.</summary>
    internal static void Write(string run, int epoch, NamedWeights weights)
    {
        var target = PathOf(run, epoch);
        var temporary = $"{target}{DurableFile.TemporaryMark}0";
        Directory.CreateDirectory(temporary);
        try
        {
            DurableFile.Write(Path.Combine(temporary, ModelPackage.WeightsFile), stream => SafetensorsFile.Write(stream, weights));
            var snapshot = new Snapshot(epoch, ModelPackage.Describe(temporary, ModelPackage.WeightsFile));
            DurableFile.Write(Path.Combine(temporary, DescriptionFile), JsonSerializer.SerializeToUtf8Bytes(snapshot, CoreJson.Options));
            Delete(run, epoch);
            DurableFile.PublishFolder(temporary, target);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    internal static void Delete(string run, int epoch)
    {
        if (PathOf(run, epoch) is var folder && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Deletes incomplete snapshots left by a crash.</summary>
    internal static void RemoveUnfinished(string run)
    {
        var folder = Path.Combine(run, RunFolder.SnapshotsFolder);
        foreach (var left in Directory.Exists(folder) ? Directory.GetDirectories(folder, $"*{DurableFile.TemporaryMark}*") : [])
        {
            Directory.Delete(left, recursive: true);
        }
    }

    /// <summary>Null where the folder is not a snapshot, or is being written or deleted.</summary>
    private static Snapshot? Describe(string folder)
    {
        var description = Path.Combine(folder, DescriptionFile);
        if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Snapshot>(RegularFile.ReadAllBytes(description), CoreJson.Options);
        }
        catch (IOException gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
