using System.Globalization;

namespace CnnService.Benchmarks.Mixed;

/// <summary>Memory and file handles of the service over time.</summary>
internal sealed class Levels(Workbench bench)
{
    private const string Committed = "dotnet_gc_last_collection_memory_committed_size_bytes";

    private readonly List<(double Resident, double Managed, int Handles)> _samples = [];

    /// <summary>Takes a sample.</summary>
    public async Task SampleAsync()
    {
        var metrics = await bench.Service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative));
        var committed = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(Committed, StringComparison.Ordinal))?.Split(' ')[1];
        _samples.Add((
            Figures.Megabytes(bench.Service.ResidentBytes),
            Figures.Megabytes(long.Parse(committed ?? "0", CultureInfo.InvariantCulture)),
            Directory.GetFiles($"/proc/{bench.Service.Id}/fd").Length));
    }

    /// <summary>The last sample in words.</summary>
    public string Last() => Text(_samples[^1]);

    /// <summary>A line for each sixth of the time: the medians.</summary>
    public IEnumerable<string> Table() => Sixths().Select((sixth, index) => $"sixth {index + 1}: {Text(sixth)}");

    /// <summary>Whether memory and handles of the last sixth are within a tenth of those of the second.</summary>
    public bool AreLevel() => Sixths() is [_, var early, .., var late] && late.Resident <= 1.1 * early.Resident
        && late.Handles <= 1.1 * early.Handles;

    private (double Resident, double Managed, int Handles)[] Sixths() =>
    [
        .. _samples.Chunk(Math.Max(1, (_samples.Count + 5) / 6)).Select(part => (
            Figures.Median(part.Select(one => one.Resident)), Figures.Median(part.Select(one => one.Managed)),
            (int)Figures.Median(part.Select(one => (double)one.Handles)))),
    ];

    private static string Text((double Resident, double Managed, int Handles) sample) =>
        $"resident {sample.Resident.Text()} MB, of it managed {sample.Managed.Text()} MB, {sample.Handles} file handles";
}
