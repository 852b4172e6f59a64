using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Imaging;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// A large data set through the service: the import beside decoding alone, resident memory meanwhile, and pages anywhere in the list.
/// </summary>
internal static class LargeDataset
{
    private const int Side = 150;
    private const int Drawn = 400;
    private const int DecodedAlone = 8000;
    private const int Pages = 60;

    public static async Task RunAsync(Arguments arguments)
    {
        var idx = arguments.Text("--idx", string.Empty);
        var count = arguments.Whole("--images", 100_000);
        using var services = new ServiceCollection().AddImaging().BuildServiceProvider();
        if (idx.Length > 0)
        {
            using var packed = Archive.Of(idx);
            await MeasureAsync(packed.Path, 0);
            return;
        }

        var files = Draw(services, count);
        var alone = DecodeAlone(services.GetRequiredService<IImageDecoder>(), files);
        Figures.Print($"decode alone: {alone.Text()} images/s on {Environment.ProcessorCount} cores");
        var archive = Path.Combine(Path.GetTempPath(), $"cnnservice-{Guid.NewGuid():N}.zip");
        try
        {
            Pack(archive, files, count);
            await MeasureAsync(archive, alone);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    /// <summary>JPEG files of about 10 KB; each is used many times, made different by a comment.</summary>
    private static byte[][] Draw(ServiceProvider services, int count)
    {
        var (png, thumbnails) = (services.GetRequiredService<IPngEncoder>(), services.GetRequiredService<IThumbnailer>());
        var files = new byte[Math.Min(Drawn, count)][];
        Parallel.For(0, files.Length, i =>
        {
            var random = new CounterRandom((ulong)i);
            var image = new PixelBuffer(240, 180, 3);
            for (var at = 0; at < image.Data.Length; at++)
            {
                var (row, column) = (at / 3 / 240, at / 3 % 240);
                var waves = 60 * Math.Sin((row + i) / 9.0) * Math.Cos(column / 13.0);
                image.Data[at] = (byte)Math.Clamp(128 + waves + (12 * random.NextGaussian()), 0, 255);
            }

            files[i] = thumbnails.Create(png.Encode(image, []), 240).Value;
        });
        Figures.Print($"{files.Length} JPEG files of {(files.Average(file => file.Length) / 1000).Text()} KB on average");
        return files;
    }

    private static double DecodeAlone(IImageDecoder decoder, byte[][] files)
    {
        var watch = Stopwatch.StartNew();
        Parallel.For(0, DecodedAlone, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            i => decoder.Decode(files[i % files.Length], new DecodeTarget(Side, Side, 3)));
        return DecodedAlone / watch.Elapsed.TotalSeconds;
    }

    private static void Pack(string path, byte[][] files, int count)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        for (var i = 0; i < count; i++)
        {
            using var entry = zip.CreateEntry($"class{i % 10}/{i}.jpg", CompressionLevel.NoCompression).Open();
            var file = files[i % files.Length];
            entry.Write(file.AsSpan(0, 2));
            Span<byte> comment = [0xFF, 0xFE, 0, 6, 0, 0, 0, 0];
            BinaryPrimitives.WriteInt32BigEndian(comment[4..], i);
            entry.Write(comment);
            entry.Write(file.AsSpan(2));
        }
    }

    private static async Task MeasureAsync(string archive, double alone)
    {
        await using var bench = await Workbench.StartAsync();
        using var ended = new CancellationTokenSource();
        var memory = WatchMemoryAsync(bench, ended.Token);
        var seconds = await bench.ImportAsync("large", archive);
        await ended.CancelAsync();
        var dataset = await bench.GetAsync("datasets/large");
        var images = dataset.GetProperty("classes").EnumerateArray()
            .Sum(one => new[] { "train", "validation", "test" }.Sum(split => one.GetProperty(split).GetInt32()));
        var speed = images / seconds;
        Figures.Print($"import: {images} images in {seconds.Text()} s, {speed.Text()} images/s"
            + (alone > 0 ? $", {(100 * speed / alone).Text()} % of decode alone" : string.Empty));
        Figures.Print($"resident memory, MB, by tenths of the import: {string.Join(' ', await memory)}");
        await PagesAsync(bench, images);
    }

    /// <summary>The largest resident memory in each tenth of the time.</summary>
    private static async Task<IEnumerable<string>> WatchMemoryAsync(Workbench bench, CancellationToken ended)
    {
        var seen = new List<long>();
        while (!ended.IsCancellationRequested)
        {
            seen.Add(bench.Service.ResidentBytes);
            await Task.Delay(250, CancellationToken.None);
        }

        return seen.Index().GroupBy(sample => 10 * sample.Index / seen.Count)
            .Select(tenth => Figures.Megabytes(tenth.Max(sample => sample.Item)).Text("F0"));
    }

    private static async Task PagesAsync(Workbench bench, int images)
    {
        var lists = new[] { ("everywhere", "", images), ("in a class of a split", "&split=train&class=class3", images / 13) };
        foreach (var (name, filter, last) in lists)
        {
            var times = new List<double>();
            for (var i = 0; i < Pages; i++)
            {
                var watch = Stopwatch.StartNew();
                JsonElement page = await bench.GetAsync($"datasets/large/images?limit=50&after=1.{(long)i * last / Pages}{filter}");
                times.Add(watch.Elapsed.TotalMilliseconds);
                if (page.GetProperty("items").GetArrayLength() == 0)
                {
                    throw new InvalidOperationException("A page is empty.");
                }
            }

            Figures.Print($"pages {name}: median {Figures.Median(times).Text()} ms, slowest {times.Max().Text()} ms");
        }
    }
}
