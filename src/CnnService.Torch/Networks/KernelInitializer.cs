using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Torch.Networks;

/// <summary>Draws a kernel's weights, with Keras's formulas.</summary>
internal static class KernelInitializer
{
    /// <summary>Deviation of a standard normal cut at two deviations.</summary>
    private const double CutDeviation = 0.87962566103423978;

    /// <param name="weights">Filled.</param>
    /// <param name="shape"><c>[out, in, cells…]</c>.</param>
    /// <param name="kind">From what.</param>
    /// <param name="random">Decides.</param>
    internal static void Fill(Span<float> weights, int[] shape, InitializerKind kind, CounterRandom random)
    {
        var cells = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
        var (fanIn, fanOut) = (shape[1] * cells, shape[0] * cells);
        var variance = kind is InitializerKind.GlorotUniform or InitializerKind.GlorotNormal ? 2.0 / (fanIn + fanOut) : 2.0 / fanIn;
        var isUniform = kind is InitializerKind.GlorotUniform or InitializerKind.HeUniform;
        var (limit, deviation) = (Math.Sqrt(3 * variance), Math.Sqrt(variance) / CutDeviation);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(isUniform ? random.NextDouble(-limit, limit) : deviation * CutGaussian(ref random));
        }
    }

    private static double CutGaussian(ref CounterRandom random)
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
