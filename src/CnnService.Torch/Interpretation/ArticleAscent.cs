using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// The two-pass ascent of the article this service follows, as keras-vis intended it. Before each step the image is rolled by a random
/// shift, and the gradient is taken through that shift. The second pass starts from the first pass's image quantized to 8 bits, and adds
/// total-variation and grey-deviation penalties. The score is divided by its standard deviation over noise images, so that the weights of
/// the penalties mean the same for every network. Each pass ends at the best position it met, and the image is shown at a fixed contrast.
/// </summary>
internal sealed class ArticleAscent(LoadedNetwork network, PatternJob job, FilterResponse response) : IPatternAscent
{
    private const double Grey = 0.5;
    private const double Level = 1 / 255.0;
    private const double FaintStart = 0.05;
    private const double StrongStart = 0.3;
    private const double FirstPass = 0.6;
    private const double MaxShiftShare = 0.05;
    private const double Smoothness = 10;
    private const double Greyness = 10;
    private const double GreynessPower = 6;

    /// <summary>Added under the root so that its derivative stays finite for an image that is uniformly grey.</summary>
    private const double MinPower = 1e-18;

    private const double ShownDeviation = 0.1;
    private const double MinDeviation = 1e-6;

    public Tensor Start(TileStreams streams, int attempt)
    {
        var random = streams.Start(attempt);
        var pixels = new float[job.Model.Network.Spec.Input.Channels * job.Size.Height * job.Size.Width];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)(Grey + ((attempt == 0 ? FaintStart : StrongStart) * random.NextGaussian()));
        }

        return tensor(pixels, [1, job.Model.Network.Spec.Input.Channels, job.Size.Height, job.Size.Width], ScalarType.Float32,
            device: network.Device);
    }

    public bool Maximize(
        Tensor position, int filter, TileStreams streams, int attempt, IReadOnlyList<Tensor> others, CancellationToken cancel)
    {
        var spread = NoiseImages.Spread(network, job, response, filter);
        var first = (int)Math.Round(FirstPass * job.Iterations);
        position.requires_grad_(true);
        if (!Pass(0, first, isSmooth: false))
        {
            return false;
        }

        Quantize(position);
        return Pass(first, job.Iterations, isSmooth: true);

        bool Pass(int from, int to, bool isSmooth)
        {
            using var optimizer = new ArticleOptimizer(position, Level);
            for (var step = from; step < to; step++)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var score = response.Score(network, Rolled(position, streams.Transform(attempt, step)), filter)
                    .div(OwnedScalars.Create(spread));
                var gradient = Gradients.Compute(isSmooth ? score.sub(Roughness(position)) : score, [position])[0];
                if (step == 0 && !IPatternAscent.IsUsable(gradient))
                {
                    return false;
                }

                optimizer.Step(score.item<float>(), gradient);
            }

            optimizer.RestoreBest();
            return true;
        }
    }

    public Tensor ToImage(Tensor position)
    {
        using var scope = NewDisposeScope();
        var centred = position.sub(position.mean());
        var deviation = Math.Max(centred.mul(centred).mean().sqrt().item<float>(), MinDeviation);
        return centred.mul(OwnedScalars.Create(ShownDeviation / deviation)).add(OwnedScalars.Create(Grey), OwnedScalars.One)
            .clamp(OwnedScalars.Zero, OwnedScalars.One).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        // Nothing to release.
    }

    /// <summary>Replaces the position by the image it shows, quantized to 8 bits.</summary>
    private void Quantize(Tensor position)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        position.copy_(ToImage(position).mul(OwnedScalars.MaxLevel).round().div(OwnedScalars.MaxLevel));
    }

    /// <summary>The position rolled by up to 5 % of each side, wrapping around. The gradient flows back through the roll.</summary>
    private Tensor Rolled(Tensor position, CounterRandom random)
    {
        var down = Shift(ref random, job.Size.Height);
        var right = Shift(ref random, job.Size.Width);
        return position.roll([down, right], [2, 3]);
    }

    private static long Shift(ref CounterRandom random, int side)
    {
        var bound = (int)(MaxShiftShare * side);
        return random.NextInt32((2 * bound) + 1) - bound;
    }

    /// <summary>
    /// The penalty of the second pass: 10 times the total variation (mean squared difference of neighbouring pixels) plus 10 times the
    /// sixth root of the mean sixth power of the deviations from grey 0.5, which weighs outliers most.
    /// </summary>
    internal static Tensor Roughness(Tensor image)
    {
        var (height, width) = (image.shape[2], image.shape[3]);
        var (corner, count) = (image.narrow(2, 0, height - 1).narrow(3, 0, width - 1), image.numel());
        var down = image.narrow(2, 1, height - 1).narrow(3, 0, width - 1).sub(corner);
        var right = image.narrow(2, 0, height - 1).narrow(3, 1, width - 1).sub(corner);
        var variation = down.mul(down).add(right.mul(right), OwnedScalars.One).sum().mul(OwnedScalars.Create(Smoothness / count));
        var far = image.sub(OwnedScalars.Create(Grey)).pow(OwnedScalars.Create(GreynessPower)).mean()
            .add(OwnedScalars.Create(MinPower), OwnedScalars.One);
        return variation.add(far.pow(OwnedScalars.Create(1 / GreynessPower)).mul(OwnedScalars.Create(Greyness)), OwnedScalars.One);
    }
}
