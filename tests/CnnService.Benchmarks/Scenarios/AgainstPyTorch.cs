using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Training speed in turn with a PyTorch program that prints one JSON line an epoch. A round's figure is all its pictures over
/// all its seconds, the first epoch included; of several rounds the median. The peer decodes in every epoch, the service once,
/// at import: its figure is told with the import's seconds added, too.
/// </summary>
internal static class AgainstPyTorch
{
    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder with train/<class> and validation/<class>");
        var peer = arguments.Required(1, "the peer's Python file");
        var epochs = arguments.Whole("--epochs", 5);
        var batchSize = arguments.Whole("--batch-size", 32);
        var augmentation = arguments.Text("--augmentation", "none");
        var more = arguments.Text("--peer-arguments", "--threads 2 --channels-last") + (augmentation == "none" ? "" : " --augment");
        using var archive = Archive.Of(data);
        await using var bench = await Workbench.StartAsync().ConfigureAwait(false);
        var import = await bench.ImportAsync("pictures", archive.Path).ConfigureAwait(false);
        List<double> ours = [], withImport = [], theirs = [];
        for (var round = 0; round < arguments.Whole("--rounds", 3); round++)
        {
            var own = await OursAsync(bench, epochs, batchSize, augmentation, arguments.Text("--precision", "auto")).ConfigureAwait(false);
            ours.Add(own.Pictures / own.Seconds);
            withImport.Add(own.Pictures / (own.Seconds + import));
            var other = await TheirsAsync(arguments.Text("--python", "/usr/bin/python3"), peer, data, epochs, batchSize, more).ConfigureAwait(false);
            theirs.Add(other.Pictures / other.Seconds);
            Figures.Print($"round {round + 1}: images/s ours {ours[^1].Text()} ({withImport[^1].Text()} with the import), peer {theirs[^1].Text()}");
        }

        var median = Figures.Median(theirs);
        Figures.Print($"peer: {more}; import of all pictures {import.Text()} s");
        Figures.Print($"ratio of medians: {(Figures.Median(ours) / median).Text("F2")}, with the import {(Figures.Median(withImport) / median).Text("F2")}");
    }

    private static async Task<Sums> OursAsync(Workbench bench, int epochs, int batchSize, string augmentation, string precision)
    {
        var run = await bench.TrainAsync(new { dataset = "pictures", epochs, batchSize, precision, augmentation }).ConfigureAwait(false);
        await bench.FinishedAsync(run).ConfigureAwait(false);
        return Sums.Of(await bench.HistoryAsync(run).ConfigureAwait(false), "seconds", "imagesPerSecond", epochs);
    }

    private static async Task<Sums> TheirsAsync(string python, string peer, string data, int epochs, int batchSize, string more)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true };
        string[] options = [peer, data, "--epochs", Text(epochs), "--batch", Text(batchSize), .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        options.ToList().ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var lines = new List<JsonElement>();
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("epoch", out _))
            {
                lines.Add(json.RootElement.Clone());
            }
        }

        await process.WaitForExitAsync().ConfigureAwait(false);
        return Sums.Of(lines, "seconds", "images_per_second", epochs);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of exactly as many epochs as were asked for.</summary>
    private readonly record struct Sums(double Pictures, double Seconds)
    {
        public static Sums Of(IReadOnlyCollection<JsonElement> lines, string seconds, string rate, int epochs) => lines.Count == epochs
            ? new(lines.Sum(line => line.GetProperty(seconds).GetDouble() * line.GetProperty(rate).GetDouble()), lines.Sum(line => line.GetProperty(seconds).GetDouble()))
            : throw new InvalidOperationException($"{lines.Count} epochs were told of {epochs}.");
    }
}
