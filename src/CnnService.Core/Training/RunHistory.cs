using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Training;

/// <summary>The epoch metrics in a run's folder, as written by the training process.</summary>
public static class RunHistory
{
    /// <summary>The finished epochs, in order; empty where none has been written yet.</summary>
    /// <param name="folder">The run's folder.</param>
    public static IReadOnlyList<EpochMetrics> Read(string folder) => File.Exists(PathIn(folder))
        ? JsonSerializer.Deserialize<IReadOnlyList<EpochMetrics>>(RegularFile.ReadAllBytes(PathIn(folder)), CoreJson.Options) ?? []
        : [];

    /// <summary>Writes all epochs durably and atomically.</summary>
    internal static void Write(string folder, IReadOnlyList<EpochMetrics> history) =>
        DurableFile.Write(PathIn(folder), JsonSerializer.SerializeToUtf8Bytes(history, CoreJson.Options));

    private static string PathIn(string folder) => Path.Combine(folder, RunFolder.HistoryFile);
}
