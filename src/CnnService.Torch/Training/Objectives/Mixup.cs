using CnnService.Core.Common;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Objectives;

/// <summary>
/// Mixup (Zhang et al., 2018) in one epoch: each image of a batch is blended with another image of the same batch, and so are their labels.
/// One mixing coefficient per step, drawn from Beta(alpha, alpha) and taken as at least one half, which only decides which of the two
/// images is called the first. Owns the partners' indices on the device.
/// </summary>
internal sealed class Mixup : IDisposable
{
    private const ulong Purpose = 0x4D49585550303031; // "MIXUP001"

    private readonly double _alpha;
    private readonly (long Seed, int Epoch) _key;
    private readonly int _images;
    private readonly int _batchSize;
    private readonly EpochRows _partners;

    /// <param name="alpha">0 or more; 0: no mixing.</param>
    /// <param name="key">Seed and epoch: determine, with the step, the coefficient and the partners.</param>
    /// <param name="images">Images in the epoch.</param>
    /// <param name="batchSize">Images per step; the last step may have fewer.</param>
    /// <param name="device">The device of the images.</param>
    internal Mixup(double alpha, (long Seed, int Epoch) key, int images, int batchSize, Device device)
    {
        (_alpha, _key, _images, _batchSize) = (alpha, key, images, batchSize);
        _partners = new(images, (first, count) =>
        {
            using var host = tensor(Enumerable.Range(0, (count + batchSize - 1) / batchSize)
                .SelectMany(step => Partners((first / batchSize) + step)).Take(count).ToArray(), device: CPU);
            return [HostCopy.ToDevice(host, device)];
        });
    }

    /// <summary>The blended images and their targets; unchanged if alpha is 0.</summary>
    /// <param name="images"><c>[N,C,H,W]</c>.</param>
    /// <param name="labels">int64 <c>[N]</c>.</param>
    /// <param name="step">Zero-based; never less than in the call before.</param>
    internal (Tensor Images, Targets Targets) Apply(Tensor images, Tensor labels, int step)
    {
        if (_alpha == 0)
        {
            return (images, new(labels));
        }

        var random = Stream(step);
        var share = Share(ref random);
        using var partners = _partners.Take(step * _batchSize, (int)labels.shape[0])[0];
        return (images.mul(OwnedScalars.Create(share)).add(images.index_select(0, partners), OwnedScalars.Create(1 - share)),
            new(labels, labels.index_select(0, partners), share));
    }

    public void Dispose() => _partners.Dispose();

    /// <summary>A draw from Beta(alpha, alpha): x / (x + y) of two Gamma draws.</summary>
    internal static double Beta(double alpha, ref CounterRandom random)
    {
        // For a tiny alpha both draws underflow to 0; the distribution is then concentrated at 0 and 1.
        var (x, y) = (Gamma(alpha, ref random), Gamma(alpha, ref random));
        return x + y > 0 ? x / (x + y) : random.NextDouble() < 0.5 ? 0 : 1;
    }

    private CounterRandom Stream(int step) => new((ulong)_key.Seed, Purpose, (ulong)_key.Epoch, (ulong)step);

    private double Share(ref CounterRandom random)
    {
        var share = Beta(_alpha, ref random);
        return Math.Max(share, 1 - share);
    }

    /// <summary>For each image of a step the index of its partner in the same step.</summary>
    private long[] Partners(int step)
    {
        var random = Stream(step);
        Share(ref random);
        var count = Math.Min(_batchSize, _images - (step * _batchSize));
        var order = Enumerable.Range(0, count).Select(i => (long)i).ToArray();
        random.Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>A draw from Gamma(shape, 1) (Marsaglia and Tsang, 2000), for shapes below 1 by their boosting step.</summary>
    private static double Gamma(double shape, ref CounterRandom random)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1, ref random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        while (true)
        {
            var x = random.NextGaussian();
            var v = 1 + (x / Math.Sqrt(9 * d));
            var cube = v * v * v;
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (x * x / 2) + d - (d * cube) + (d * Math.Log(cube)))
            {
                return d * cube;
            }
        }
    }
}
