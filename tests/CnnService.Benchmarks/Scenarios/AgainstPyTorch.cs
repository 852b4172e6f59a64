using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>Training speed in turn with a PyTorch program that prints one JSON line an epoch; medians over all epochs of all rounds.</summary>
internal static class AgainstPyTorch
{
    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder with train/<class> and validation/<class>");
        var peer = arguments.Required(1, "the peer's Python file");
        var epochs = arguments.Whole("--epochs", 3);
        var batchSize = arguments.Whole("--batch-size", 32);
        using var archive = Archive.Of(data);
        await using var bench = await Workbench.StartAsync().ConfigureAwait(false);
        await bench.ImportAsync("pictures", archive.Path).ConfigureAwait(false);
        List<double> ours = [], theirs = [];
        for (var round = 0; round < arguments.Whole("--rounds", 3); round++)
        {
            ours.AddRange(await OursAsync(bench, epochs, batchSize, arguments.Text("--precision", "auto")).ConfigureAwait(false));
            theirs.AddRange(await TheirsAsync(peer, data, epochs, batchSize, arguments.Text("--peer-arguments", "--threads 2 --channels-last")).ConfigureAwait(false));
            Figures.Print($"round {round + 1}: images/s ours {Figures.Median(ours).Text()}, peer {Figures.Median(theirs).Text()} (medians so far)");
        }

        Figures.Print($"ratio of medians: {(Figures.Median(ours) / Figures.Median(theirs)).Text("F2")}");
    }

    private static async Task<IEnumerable<double>> OursAsync(Workbench bench, int epochs, int batchSize, string precision)
    {
        var run = await bench.TrainAsync(new { dataset = "pictures", epochs, batchSize, precision }).ConfigureAwait(false);
        await bench.FinishedAsync(run).ConfigureAwait(false);
        return (await bench.HistoryAsync(run).ConfigureAwait(false)).Select(epoch => epoch.GetProperty("imagesPerSecond").GetDouble());
    }

    private static async Task<List<double>> TheirsAsync(string peer, string data, int epochs, int batchSize, string more)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true };
        string[] options = [peer, data, "--epochs", Text(epochs), "--batch", Text(batchSize), .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        options.ToList().ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var rates = new List<double>();
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("images_per_second", out var rate))
            {
                rates.Add(rate.GetDouble());
            }
        }

        await process.WaitForExitAsync().ConfigureAwait(false);
        return rates.Count == epochs ? rates : throw new InvalidOperationException($"The peer told {rates.Count} epochs of {epochs}, exit code {process.ExitCode}.");
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
