using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Training;

/// <summary>The figures of a run's epochs as its folder keeps them: what the training process has written, whoever has read of it.</summary>
public static class RunHistory
{
    /// <summary>The epochs done, in order; none where none is written yet.</summary>
    /// <param name="folder">The run's.</param>
    public static IReadOnlyList<EpochMetrics> Read(string folder) => File.Exists(PathIn(folder))
        ? JsonSerializer.Deserialize<IReadOnlyList<EpochMetrics>>(File.ReadAllBytes(PathIn(folder)), CoreJson.Options) ?? []
        : [];

    /// <summary>On disk when it returns, as a whole or not at all.</summary>
    internal static void Write(string folder, IReadOnlyList<EpochMetrics> history) =>
        DurableFile.Write(PathIn(folder), JsonSerializer.SerializeToUtf8Bytes(history, CoreJson.Options));

    private static string PathIn(string folder) => Path.Combine(folder, RunFolder.HistoryFile);
}
