using System.Text.Json;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// The speed of a classification of a data set, with the decoded images in the cache and without, against what the machine can do: decoding
/// alone on all cores, the network alone, and what both together would allow. In turn, so that what else the machine does falls on all.
/// </summary>
internal static class ClassifyJobSpeed
{
    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder of images, train/<class>");
        var rounds = arguments.Whole("--rounds", 3);
        await using var bench = await Workbench.StartAsync();
        var onnx = await ArticleModel.PublishAsync(bench, data);
        var files = ArticleModel.Files(data);
        using var machine = new MachineLimit(files, onnx);
        var figures = new List<(double Decode, double Network, double Cached, double Decoded)>();
        for (var round = 1; round <= rounds; round++)
        {
            var (decode, network, limit) = machine.Measure();
            var cached = await JobAsync(bench);
            var decoded = await WithoutCacheAsync(bench);
            figures.Add((decode, network, cached, decoded));
            Figures.Print(
                $"round {round}: decoding alone {decode.Text()} images/s, the network alone "
                + $"{network.Text()}, both together {limit.Text()}; job from the cache "
                + $"{cached.Text()} ({(100 * cached / network).Text()} % of the network), from the files "
                + $"{decoded.Text()} ({(100 * decoded / limit).Text()} % of both)");
        }

        var (d, n) = (Figures.Median(figures.Select(f => f.Decode)), Figures.Median(figures.Select(f => f.Network)));
        Figures.Print(
            $"medians: decoding {d.Text()}, network {n.Text()}, both {(1 / ((1 / d) + (1 / n))).Text()}; job from the cache "
            + $"{Figures.Median(figures.Select(f => f.Cached)).Text()}, from the files "
            + $"{Figures.Median(figures.Select(f => f.Decoded)).Text()}; {files.Length} images");
    }

    private static async Task<double> WithoutCacheAsync(Workbench bench)
    {
        var away = bench.PixelCache + ".away";
        Directory.Move(bench.PixelCache, away);
        try
        {
            return await JobAsync(bench);
        }
        finally
        {
            Directory.Move(away, bench.PixelCache);
        }
    }

    /// <summary>Images/s from the first batch to the last, without loading the network and writing the tables.</summary>
    private static async Task<double> JobAsync(Workbench bench)
    {
        var id = (await bench.PostAsync("classify/jobs", new { model = "article", dataset = "data", split = "train" })).GetProperty("id")
            .GetString()!;
        for (; ; await Task.Delay(200))
        {
            var job = await bench.GetAsync($"classify/jobs/{id}");
            if (job.GetProperty("finishedAt").ValueKind == JsonValueKind.String)
            {
                return job.GetProperty("state").GetString() == "succeeded"
                    ? job.GetProperty("progress").GetProperty("imagesPerSecond").GetDouble()
                    : throw new InvalidOperationException($"The job did not succeed: {job}\n{bench.Service.Output}");
            }
        }
    }
}
