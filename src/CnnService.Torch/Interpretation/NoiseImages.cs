using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// The noise that a pattern has to beat: 16 images of faint normal noise (standard deviation 0.05) on grey and 16 of uniform noise over the
/// full range, independent per pixel and channel. The same images for every filter.
/// </summary>
internal static class NoiseImages
{
    private const int ImagesPerKind = 16;
    private const int PerBatch = 4;
    private const double FaintDeviation = 0.05;
    private const ulong Key = 0x4E4F495345303031; // "NOISE001"

    /// <summary>The largest mean activation of each filter over the noise images, <c>[C]</c>.</summary>
    internal static float[] Largest(LoadedNetwork network, PatternJob job, FilterResponse response, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        Tensor? largest = null;
        for (var first = 0; first < 2 * ImagesPerKind; first += PerBatch)
        {
            cancel.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var means = response.Means(network, Batch(first, job, network.Device)).amax([0]);
            largest = (largest is null ? means : largest.maximum(means)).MoveToOuterDisposeScope();
        }

        return largest!.cpu().data<float>().ToArray();
    }

    /// <summary>The standard deviation of a filter's objective over the noise images; 1 where it is 0.</summary>
    internal static double Spread(LoadedNetwork network, PatternJob job, FilterResponse response, int filter)
    {
        using var still = no_grad();
        var scores = new double[2 * ImagesPerKind];
        for (var i = 0; i < scores.Length; i++)
        {
            using var scope = NewDisposeScope();
            var bytes = Batch(i / PerBatch * PerBatch, job, network.Device).narrow(0, i % PerBatch, 1);
            var image = bytes.permute(0, 3, 1, 2).to_type(ScalarType.Float32).div(OwnedScalars.MaxLevel);
            scores[i] = response.Score(network, image, filter).item<float>();
        }

        var mean = scores.Average();
        var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        return deviation > 0 ? deviation : 1;
    }

    private static Tensor Batch(int first, PatternJob job, Device device)
    {
        var channels = job.Model.Network.Spec.Input.Channels;
        var pixels = job.Size.Height * job.Size.Width * channels;
        var bytes = new byte[PerBatch * pixels];
        for (var i = 0; i < PerBatch; i++)
        {
            Fill(bytes.AsSpan(i * pixels, pixels), first + i);
        }

        return tensor(bytes, [PerBatch, job.Size.Height, job.Size.Width, channels], device: device);
    }

    private static void Fill(Span<byte> image, int index)
    {
        var random = new CounterRandom(Key, (ulong)index);
        foreach (ref var value in image)
        {
            value = index < ImagesPerKind ? Faint(ref random) : (byte)random.NextInt32(256);
        }
    }

    private static byte Faint(ref CounterRandom random) =>
        (byte)Math.Clamp(Math.Round(255 * (0.5 + (FaintDeviation * random.NextGaussian()))), 0, 255);
}
