using System.Diagnostics;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Imaging;
using CnnService.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks;

/// <summary>
/// What the machine allows in this process: decoding and resizing alone on all cores, the network alone on all cores, and the images/s that
/// both would give one after the other.
/// </summary>
internal sealed class MachineLimit(byte[][] files, byte[] onnx) : IDisposable
{
    /// <summary>Of the article's network.</summary>
    public const int Side = 150;

    private const int BatchSize = 32;

    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddImaging().AddOnnx().BuildServiceProvider();

    /// <summary>Images/s.</summary>
    public (double Decode, double Network, double Both) Measure()
    {
        var (pixels, decode) = Decode();
        var network = Score(pixels);
        return (decode, network, 1 / ((1 / decode) + (1 / network)));
    }

    public void Dispose() => _services.Dispose();

    private (byte[][] Pixels, double Rate) Decode()
    {
        var decoder = _services.GetRequiredService<IImageDecoder>();
        var pixels = new byte[files.Length][];
        var started = Stopwatch.GetTimestamp();
        Parallel.For(0, files.Length, i => pixels[i] = decoder.Decode(files[i], new DecodeTarget(Side, Side, 3)).Value.Data);
        return (pixels, files.Length / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private double Score(byte[][] pixels)
    {
        using var network = _services.GetRequiredService<IOnnxRunnerFactory>()
            .Load(onnx, Preprocessing.Create(NormalizationKind.Rescale, 3, [], [])).Value;
        var batches =
            pixels.Chunk(BatchSize).Select(rows => new PixelBatch(rows.SelectMany(row => row).ToArray(), rows.Length, Side, Side, 3))
            .ToArray();
        network.Logits(batches[0]);
        var started = Stopwatch.GetTimestamp();
        Array.ForEach(batches, batch => network.Logits(batch));
        return pixels.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
