using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>Norms of a layer's kernels and their cosine similarities.</summary>
internal static class KernelSimilarity
{
    /// <summary>Most filters for which all pairs are compared; beyond it only the norms are computed.</summary>
    public const int MaxCompared = 1024;

    /// <summary>
    /// Adds norm and nearest kernel to the figures of a convolution or dense layer; those of other layers are unchanged. Problem codes:
    /// those of reading the weights.
    /// </summary>
    public static Outcome<FilterFigures[]> Add(LoadedModel model, ResolvedLayer layer, FilterFigures[] figures)
    {
        if (layer.Spec is not (Conv2dLayer or DenseLayer))
        {
            return figures;
        }

        return model.ReadWeights().Map(weights => Add(weights[$"{layer.Name}.weight"].Data, figures));
    }

    /// <param name="weights">Weights of all kernels, one after the other.</param>
    /// <param name="figures">One a kernel.</param>
    public static FilterFigures[] Add(float[] weights, FilterFigures[] figures)
    {
        var size = weights.Length / figures.Length;
        double Product(int one, int other)
        {
            var sum = 0.0;
            for (var i = 0; i < size; i++)
            {
                sum += (double)weights[(one * size) + i] * weights[(other * size) + i];
            }

            return sum;
        }

        double[] norms = [.. Enumerable.Range(0, figures.Length).Select(filter => Math.Sqrt(Product(filter, filter)))];
        var result = new FilterFigures[figures.Length];
        Parallel.For(0, figures.Length, one =>
        {
            NearestKernel? nearest = null;
            for (var other = 0; other < figures.Length && figures.Length <= MaxCompared; other++)
            {
                if (other != one && norms[one] * norms[other] > 0 && Product(one, other) / (norms[one] * norms[other]) is var cosine
                    && cosine > (nearest?.Cosine ?? double.NegativeInfinity))
                {
                    nearest = new(other, cosine);
                }
            }

            result[one] = figures[one] with { KernelNorm = norms[one], Nearest = nearest };
        });
        return result;
    }
}
