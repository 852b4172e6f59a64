namespace CnnService.Core.Visualization.Explaining;

/// <summary>
/// Class activation maps: a layer's maps, weighted by how much the score rises with them. Nothing but evidence for the class is shown:
/// what speaks against it is 0.
/// </summary>
internal static class CamMaps
{
    private const float Floor = 1e-6f;

    /// <summary>The map at the layer's size, all values at least 0.</summary>
    public static float[] Of(ExplainMethod method, FeatureMaps values, FeatureMaps gradients)
    {
        var map = new float[values.Height * values.Width];
        for (var channel = 0; channel < values.Channels; channel++)
        {
            var value = values.Map(channel);
            var gradient = gradients.Map(channel);
            switch (method)
            {
                case ExplainMethod.GradCam: // Selvaraju et al., 2017
                    AddWeighted(map, value, Mean(gradient));
                    break;
                case ExplainMethod.GradCamPlusPlus: // Chattopadhay et al., 2018
                    AddWeighted(map, value, Plus(value, gradient));
                    break;
                case ExplainMethod.HiresCam: // Draelos and Carin, 2020
                    AddProduct(map, value, gradient, float.NegativeInfinity);
                    break;
                case ExplainMethod.LayerCam: // Jiang et al., 2021
                    AddProduct(map, value, gradient, 0);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(method), method, "is no class activation map of gradients");
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Max(map, 0f, map);
        return map;
    }

    private static float Mean(ReadOnlySpan<float> values) => System.Numerics.Tensors.TensorPrimitives.Sum(values) / values.Length;

    /// <summary>Σ relu(G)·alpha with alpha = G² / (2G² + ΣA·G³), 0 where G is.</summary>
    private static float Plus(ReadOnlySpan<float> values, ReadOnlySpan<float> gradients)
    {
        var sum = System.Numerics.Tensors.TensorPrimitives.Sum(values);
        var weight = 0f;
        foreach (var gradient in gradients)
        {
            if (gradient > 0)
            {
                var square = gradient * gradient;
                weight += gradient * square / ((2 * square) + (sum * square * gradient) + Floor);
            }
        }

        return float.IsFinite(weight) ? weight : 0;
    }

    private static void AddWeighted(float[] map, ReadOnlySpan<float> values, float weight) =>
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(values, weight, map, map);

    private static void AddProduct(float[] map, ReadOnlySpan<float> values, ReadOnlySpan<float> gradients, float least)
    {
        for (var i = 0; i < map.Length; i++)
        {
            map[i] += values[i] * Math.Max(gradients[i], least);
        }
    }
}
