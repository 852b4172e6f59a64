using CnnService.Core.Common;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Objectives;

/// <summary>
/// Mixup (Zhang et al., 2018): each image of a batch is blended with another image of the same batch, and so are their labels. One mixing
/// coefficient per step, drawn from Beta(alpha, alpha) and taken as at least one half, which only decides which of the two images is called
/// the first.
/// </summary>
internal static class Mixup
{
    private const ulong Purpose = 0x4D49585550303031; // "MIXUP001"

    /// <summary>The blended images and their targets; unchanged if alpha is 0.</summary>
    /// <param name="images"><c>[N,C,H,W]</c>.</param>
    /// <param name="labels">int64 <c>[N]</c>.</param>
    /// <param name="alpha">0 or more; 0: no mixing.</param>
    /// <param name="key">Seed, epoch and step: determine the coefficient and the partners.</param>
    internal static (Tensor Images, Targets Targets) Apply(Tensor images, Tensor labels, double alpha, (long Seed, int Epoch, int Step) key)
    {
        if (alpha == 0)
        {
            return (images, new(labels));
        }

        var random = new CounterRandom((ulong)key.Seed, Purpose, (ulong)key.Epoch, (ulong)key.Step);
        var share = Beta(alpha, ref random);
        share = Math.Max(share, 1 - share);
        var order = Enumerable.Range(0, (int)labels.shape[0]).Select(i => (long)i).ToArray();
        random.Shuffle(order.AsSpan());
        using var partners = tensor(order, device: labels.device);
        return (images.mul(OwnedScalars.Create(share)).add(images.index_select(0, partners), OwnedScalars.Create(1 - share)),
            new(labels, labels.index_select(0, partners), share));
    }

    /// <summary>A draw from Beta(alpha, alpha): x / (x + y) of two Gamma draws.</summary>
    internal static double Beta(double alpha, ref CounterRandom random)
    {
        // For a tiny alpha both draws underflow to 0; the distribution is then concentrated at 0 and 1.
        var (x, y) = (Gamma(alpha, ref random), Gamma(alpha, ref random));
        return x + y > 0 ? x / (x + y) : random.NextDouble() < 0.5 ? 0 : 1;
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
