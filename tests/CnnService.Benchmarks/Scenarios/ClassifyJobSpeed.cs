using System.Diagnostics;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Imaging;
using CnnService.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// The speed of a classification of a data set, with the decoded pictures in the cache and without, against what the machine can do: decoding
/// alone on all cores, the network alone, and what both together would allow. In turn, so that what else the machine does falls on all.
/// </summary>
internal static class ClassifyJobSpeed
{
    private const int Side = 150;
    private const int BatchSize = 32;

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder of pictures, train/<class>");
        var rounds = arguments.Whole("--rounds", 3);
        await using var bench = await Workbench.StartAsync().ConfigureAwait(false);
        using (var archive = Archive.Of(data))
        {
            await bench.ImportAsync("data", archive.Path).ConfigureAwait(false);
        }

        await bench.FinishedAsync(await bench.TrainAsync(new { dataset = "data", model = "article", architecture = "article-cnn", epochs = 1 }).ConfigureAwait(false)).ConfigureAwait(false);
        var onnx = await bench.Service.Client.GetByteArrayAsync(new Uri("models/article/versions/1/onnx", UriKind.Relative)).ConfigureAwait(false);
        var files = Directory.EnumerateFiles(Path.Combine(data, "train"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
        using var services = new ServiceCollection().AddLogging().AddImaging().AddOnnx().BuildServiceProvider();
        var figures = new List<(double Decode, double Network, double Cached, double Decoded)>();
        for (var round = 1; round <= rounds; round++)
        {
            var (pixels, decode) = Decode(services.GetRequiredService<IImageDecoder>(), files);
            var network = Score(services.GetRequiredService<IOnnxRunnerFactory>(), onnx, pixels);
            var cached = await JobAsync(bench).ConfigureAwait(false);
            var decoded = await WithoutCacheAsync(bench).ConfigureAwait(false);
            figures.Add((decode, network, cached, decoded));
            var limit = 1 / ((1 / decode) + (1 / network));
            Figures.Print($"round {round}: decoding alone {decode.Text()} images/s, the network alone {network.Text()}, both together {limit.Text()}; job from the cache {cached.Text()} ({(100 * cached / network).Text()} % of the network), from the files {decoded.Text()} ({(100 * decoded / limit).Text()} % of both)");
        }

        var (d, n) = (Figures.Median(figures.Select(f => f.Decode)), Figures.Median(figures.Select(f => f.Network)));
        Figures.Print($"medians: decoding {d.Text()}, network {n.Text()}, both {(1 / ((1 / d) + (1 / n))).Text()}; job from the cache {Figures.Median(figures.Select(f => f.Cached)).Text()}, from the files {Figures.Median(figures.Select(f => f.Decoded)).Text()}; {files.Length} pictures");
    }

    private static (byte[][] Pixels, double Rate) Decode(IImageDecoder decoder, byte[][] files)
    {
        var pixels = new byte[files.Length][];
        var started = Stopwatch.GetTimestamp();
        Parallel.For(0, files.Length, i => pixels[i] = decoder.Decode(files[i], new DecodeTarget(Side, Side, 3)).Value.Data);
        return (pixels, files.Length / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static double Score(IOnnxRunnerFactory runners, byte[] onnx, byte[][] pixels)
    {
        using var network = runners.Load(onnx, Preprocessing.Create(NormalizationKind.Rescale, 3, [], [])).Value;
        var batches = pixels.Chunk(BatchSize).Select(rows => new PixelBatch(rows.SelectMany(row => row).ToArray(), rows.Length, Side, Side, 3)).ToArray();
        network.Logits(batches[0]);
        var started = Stopwatch.GetTimestamp();
        Array.ForEach(batches, batch => network.Logits(batch));
        return pixels.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> WithoutCacheAsync(Workbench bench)
    {
        var away = bench.PixelCache + ".away";
        Directory.Move(bench.PixelCache, away);
        try
        {
            return await JobAsync(bench).ConfigureAwait(false);
        }
        finally
        {
            Directory.Move(away, bench.PixelCache);
        }
    }

    /// <summary>Images/s from the first batch to the last, without loading the network and writing the tables.</summary>
    private static async Task<double> JobAsync(Workbench bench)
    {
        var id = (await bench.PostAsync("classify/jobs", new { model = "article", dataset = "data", split = "train" }).ConfigureAwait(false)).GetProperty("id").GetString()!;
        for (; ; await Task.Delay(200).ConfigureAwait(false))
        {
            var job = await bench.GetAsync($"classify/jobs/{id}").ConfigureAwait(false);
            if (job.GetProperty("finishedAt").ValueKind == JsonValueKind.String)
            {
                return job.GetProperty("state").GetString() == "succeeded"
                    ? job.GetProperty("progress").GetProperty("imagesPerSecond").GetDouble()
                    : throw new InvalidOperationException($"The job did not succeed: {job}\n{bench.Service.Output}");
            }
        }
    }
}
