using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Torch.Networks;

/// <summary>Draws a kernel's initial weights with Keras's formulas for the Glorot and He initializers.</summary>
internal static class KernelInitializer
{
    /// <summary>Standard deviation of a standard normal truncated at two standard deviations.</summary>
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <summary>Fills the weights.</summary>
    /// <param name="weights">Overwritten; C order.</param>
    /// <param name="shape"><c>[out,in,KH,KW]</c> for a convolution, <c>[out,in]</c> for a dense layer.</param>
    /// <param name="kind">The distribution.</param>
    /// <param name="random">The source of randomness.</param>
    internal static void Fill(Span<float> weights, int[] shape, InitializerKind kind, CounterRandom random)
    {
        var cells = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
        var (fanIn, fanOut) = (shape[1] * cells, shape[0] * cells);
        var variance = kind is InitializerKind.GlorotUniform or InitializerKind.GlorotNormal ? 2.0 / (fanIn + fanOut) : 2.0 / fanIn;
        var isUniform = kind is InitializerKind.GlorotUniform or InitializerKind.HeUniform;
        var (limit, deviation) = (Math.Sqrt(3 * variance), Math.Sqrt(variance) / TruncatedDeviation);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(isUniform ? random.NextDouble(-limit, limit) : deviation * TruncatedGaussian(ref random));
        }
    }

    private static double TruncatedGaussian(ref CounterRandom random)
    {
        double value;
        do
        {
            value = random.NextGaussian();
        }
        while (Math.Abs(value) > 2);

        return value;
    }
}
