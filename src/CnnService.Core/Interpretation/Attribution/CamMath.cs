using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Combines a layer's feature maps A and the gradient G of the class score by them into a class activation map.</summary>
public static class CamMath
{
    private const double MinDivisor = 1e-12;

    /// <summary>The class activation map at the resolution of the layer, <c>[H,W]</c>, not below 0.</summary>
    /// <param name="method">One of the gradient-based methods.</param>
    /// <param name="maps">Feature maps A, <c>[C,H,W]</c>.</param>
    /// <param name="gradients">Gradients G, <c>[C,H,W]</c>.</param>
    public static float[] Map(ExplainMethod method, LayerActivations maps, ReadOnlySpan<float> gradients)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var area = maps.Height * maps.Width;
        var sum = new double[area];
        for (var channel = 0; channel < maps.Channels; channel++)
        {
            Add(method, maps.Map(channel), gradients.Slice(channel * area, area), sum);
        }

        return [.. sum.Select(value => (float)Math.Max(0, value))];
    }

    private static void Add(ExplainMethod method, ReadOnlySpan<float> map, ReadOnlySpan<float> gradient, double[] sum)
    {
        var weight = method switch
        {
            ExplainMethod.GradCam => Mean(gradient),
            ExplainMethod.GradCamPlusPlus => PlusPlus(map, gradient),
            _ => 0,
        };
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += map[i] * method switch
            {
                ExplainMethod.HiresCam => gradient[i],
                ExplainMethod.LayerCam => Math.Max(0, gradient[i]),
                _ => weight,
            };
        }
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>
    /// The weight of Grad-CAM++, the sum of <c>relu(G)·α</c> with <c>α = G² / (2G² + ΣA·G³) = 1 / (2 + ΣA·G)</c>. In the reduced form the
    /// powers of small gradients do not underflow and no term has to guard the division. Where activations are negative and the divisor is
    /// not above 0, α is undefined and taken as 0.
    /// </summary>
    private static double PlusPlus(ReadOnlySpan<float> map, ReadOnlySpan<float> gradient)
    {
        double total = 0, weight = 0;
        foreach (var value in map)
        {
            total += value;
        }

        foreach (double g in gradient)
        {
            var divisor = 2 + (total * g);
            weight += g <= 0 || divisor < MinDivisor ? 0 : g / divisor;
        }

        return weight;
    }
}
