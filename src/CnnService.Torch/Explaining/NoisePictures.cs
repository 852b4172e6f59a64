using CnnService.Core.Common;
using static TorchSharp.torch;

namespace CnnService.Torch.Explaining;

/// <summary>
/// The noise a pattern has to beat: pictures of faint normal noise on grey and of uniform noise over the full range, each pixel
/// and channel by itself. The same pictures for every filter.
/// </summary>
internal static class NoisePictures
{
    private const int OfEach = 16;
    private const int PerBatch = 4;
    private const double FaintDeviation = 0.05;
    private const ulong Key = 0x4E4F495345303031; // "NOISE001"

    /// <summary>The largest mean activation of each filter.</summary>
    internal static float[] Largest(LoadedNetwork network, PatternPlan plan, int channels, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        Tensor? largest = null;
        for (var first = 0; first < 2 * OfEach; first += PerBatch)
        {
            cancel.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var activation = network.Activation(Batch(first, plan, channels), plan.Layer.Name);
            var means = plan.Response.Means(activation).amax([0]);
            largest = (largest is null ? means : largest.maximum(means)).MoveToOuterDisposeScope();
        }

        return largest!.data<float>().ToArray();
    }

    private static Tensor Batch(int first, PatternPlan plan, int channels)
    {
        var pixels = plan.Size.Height * plan.Size.Width * channels;
        var bytes = new byte[PerBatch * pixels];
        for (var i = 0; i < PerBatch; i++)
        {
            Fill(bytes.AsSpan(i * pixels, pixels), first + i);
        }

        return tensor(bytes, [PerBatch, plan.Size.Height, plan.Size.Width, channels]);
    }

    private static void Fill(Span<byte> picture, int index)
    {
        var random = new CounterRandom(Key, (ulong)index);
        foreach (ref var value in picture)
        {
            value = index < OfEach ? Faint(ref random) : (byte)random.NextInt32(256);
        }
    }

    private static byte Faint(ref CounterRandom random) =>
        (byte)Math.Clamp(Math.Round(255 * (0.5 + (FaintDeviation * random.NextGaussian()))), 0, 255);
}
