using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Training speed in turn with a PyTorch program that prints one JSON line an epoch: in each round every precision of ours, then
/// the peer with every set of its arguments. A round's figure is all its images over all its seconds, the first epoch included;
/// of several rounds the median. The peer decodes in every epoch, the service once, at import: the import's seconds are told, and
/// each ratio with them added, too. Ours takes the peer's device, or that of <c>--device</c>, and no other.
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
        var precisions = arguments.Text("--precision", "auto").Split(',');
        var variants = arguments.Text("--peer-arguments", "--threads 2 --channels-last").Split(';')
            .Select(variant => variant + (augmentation == "none" ? "" : " --augment")).ToArray();
        var onGpu = variants.Any(variant => variant.Contains("--device cuda", StringComparison.Ordinal));
        var device = arguments.Text("--device", onGpu ? "cuda" : "auto");
        using var archive = Archive.Of(data);
        await using var bench = await Workbench.StartAsync();
        var import = await bench.ImportAsync("images", archive.Path);
        var ours = precisions.ToDictionary(precision => precision, _ => new List<Sums>(), StringComparer.Ordinal);
        var theirs = variants.ToDictionary(variant => variant, _ => new List<Sums>(), StringComparer.Ordinal);
        for (var round = 0; round < arguments.Whole("--rounds", 3); round++)
        {
            foreach (var precision in precisions)
            {
                var request = new { dataset = "images", epochs, batchSize, precision, augmentation, device };
                ours[precision].Add(await OursAsync(bench, epochs, request));
                Figures.Print($"round {round + 1}: ours {precision} {ours[precision][^1].Rate.Text()} images/s");
            }

            foreach (var variant in variants)
            {
                theirs[variant].Add(
                    await TheirsAsync(arguments.Text("--python", "/usr/bin/python3"), peer, data, epochs, batchSize, variant));
                Figures.Print($"round {round + 1}: peer {variant} {theirs[variant][^1].Rate.Text()} images/s");
            }
        }

        Figures.Print($"import of all images {import.Text()} s");
        foreach (var (precision, own) in ours)
        {
            foreach (var (variant, other) in theirs)
            {
                var peers = Figures.Median(other.Select(sums => sums.Rate));
                var plain = Figures.Median(own.Select(sums => sums.Rate));
                var imported = Figures.Median(own.Select(sums => sums.Images / (sums.Seconds + import)));
                Figures.Print(
                    $"{precision} against {variant}: medians {plain.Text()} and {peers.Text()} images/s, ratio "
                    + $"{(plain / peers).Text("F2")}, with the import {(imported / peers).Text("F2")}");
            }
        }
    }

    private static async Task<Sums> OursAsync(Workbench bench, int epochs, object request)
    {
        var run = await bench.TrainAsync(request);
        await bench.FinishedAsync(run);
        return Sums.Of(await bench.HistoryAsync(run), "seconds", "imagesPerSecond", epochs);
    }

    private static async Task<Sums> TheirsAsync(string python, string peer, string data, int epochs, int batchSize, string more)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true };
        string[] options = [peer, data, "--epochs", Text(epochs), "--batch", Text(batchSize),
            .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        options.ToList().ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var lines = new List<JsonElement>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("epoch", out _))
            {
                lines.Add(json.RootElement.Clone());
            }
        }

        await process.WaitForExitAsync();
        return Sums.Of(lines, "seconds", "images_per_second", epochs);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of exactly as many epochs as were asked for.</summary>
    private readonly record struct Sums(double Images, double Seconds)
    {
        public double Rate => Images / Seconds;

        public static Sums Of(IReadOnlyCollection<JsonElement> lines, string seconds, string rate, int epochs) => lines.Count == epochs
            ? new(lines.Sum(line => line.GetProperty(seconds).GetDouble() * line.GetProperty(rate).GetDouble()),
                lines.Sum(line => line.GetProperty(seconds).GetDouble()))
            : throw new InvalidOperationException($"{lines.Count} epochs were told of {epochs}.");
    }
}
