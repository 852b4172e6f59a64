namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Class activation maps from a layer's maps A and the gradient G of the class score by them.</summary>
public static class CamMath
{
    private const double MinDivisor = 1e-12;

    /// <summary>The map, never below 0, as coarse as the layer.</summary>
    /// <param name="method">One of the gradient methods.</param>
    /// <param name="maps">A, <c>[C,H,W]</c>.</param>
    /// <param name="gradients">G, in the same order.</param>
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
    /// The sum of <c>relu(G)·α</c> with <c>α = G² / (2G² + ΣA·G³) = 1 / (2 + ΣA·G)</c>: reduced, small gradients do not vanish in their
    /// powers and no summand has to guard the division. Where activations are negative and the divisor is not above 0, α says nothing: 0.
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
