using System.Globalization;

namespace CnnService.Benchmarks.Mixed;

/// <summary>Memory and file handles of the service over time.</summary>
internal sealed class Levels(Workbench bench)
{
    private const string Committed = "dotnet_gc_last_collection_memory_committed_size_bytes";

    private readonly List<Sample> _samples = [];

    /// <summary>Takes a sample.</summary>
    /// <param name="at">Time since the start.</param>
    public async Task SampleAsync(TimeSpan at)
    {
        using var answer = await bench.SendAsync(HttpMethod.Get, "metrics");
        var committed = (await answer.Content.ReadAsStringAsync()).Split('\n')
            .FirstOrDefault(line => line.StartsWith(Committed, StringComparison.Ordinal))?.Split(' ')[1];
        _samples.Add(new(
            at, Figures.Megabytes(bench.Service.ResidentBytes),
            Figures.Megabytes(long.Parse(committed ?? "0", CultureInfo.InvariantCulture)),
            Directory.GetFiles($"/proc/{bench.Service.Id}/fd").Length));
    }

    /// <summary>The last sample in words.</summary>
    public string Last() => Text(_samples[^1]);

    /// <summary>The first sample, the medians of each part of the time, and the last sample, a line each.</summary>
    /// <param name="part">Of the time.</param>
    public IEnumerable<string> Table(TimeSpan part) =>
    [
        $"start: {Text(_samples[0])}",
        .. _samples.GroupBy(sample => (int)(sample.At / part))
            .Select(group => $"from {(part * group.Key).TotalMinutes.Text("F0")} min: {Text(Median([.. group]))}"),
        $"end: {Last()}",
    ];

    /// <summary>Whether memory and handles of the last sixth are within a tenth of those of the second.</summary>
    public bool AreLevel() => _samples.Chunk(Math.Max(1, (_samples.Count + 5) / 6)).Select(Median).ToArray() is [_, var early, .., var late]
        && late.Resident <= 1.1 * early.Resident && late.Handles <= 1.1 * early.Handles;

    private static Sample Median(Sample[] part) => new(
        part[0].At, Figures.Median(part.Select(one => one.Resident)), Figures.Median(part.Select(one => one.Managed)),
        (int)Figures.Median(part.Select(one => (double)one.Handles)));

    private static string Text(Sample sample) =>
        $"resident {sample.Resident.Text()} MB, of it managed {sample.Managed.Text()} MB, {sample.Handles} file handles";

    private sealed record Sample(TimeSpan At, double Resident, double Managed, int Handles);
}
