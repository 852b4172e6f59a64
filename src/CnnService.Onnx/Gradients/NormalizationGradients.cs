using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>The gradient through layers with a factor for each value.</summary>
internal static class NormalizationGradients
{
    /// <summary>Through a batch normalization in inference: weight / √(variance + ε), a channel.</summary>
    public static string Batch(Formula formula, ForwardStep step, BatchNormalizationLayer norm, NamedWeights weights, string gradient)
    {
        var (weight, variance) = (weights[$"{step.Layer.Name}.weight"].Data, weights[$"{step.Layer.Name}.running_var"].Data);
        float[] factors = [.. weight.Zip(variance, (w, v) => (float)(w / Math.Sqrt(v + norm.Epsilon)))];
        return formula.Multiply(gradient, formula.Constant(factors, PerChannel(step)));
    }

    /// <summary>Through a rectifier with slopes.</summary>
    public static string Slopes(Formula formula, ForwardStep step, NamedWeights weights, string gradient)
    {
        var slopes = formula.Constant(weights[$"{step.Layer.Name}.weight"].Data, PerChannel(step));
        var isAbove = formula.Node("Greater", [step.Inputs[0], formula.Constant(0)]);
        return formula.Where(isAbove, gradient, formula.Multiply(gradient, slopes));
    }

    /// <summary>
    /// Through a normalization across channels, <c>y = x·s^−β</c> with <c>s = bias + α/size · Σ x²</c> over neighbours:
    /// <c>g·s^−β − 2αβ/size · x · Σ g·x·s^(−β−1)</c>, the sum over those that have this channel for a neighbour.
    /// </summary>
    public static string Response(Formula formula, ForwardStep step, LocalResponseNormalizationLayer norm, string gradient)
    {
        var x = step.Inputs[0];
        var share = norm.Alpha / norm.Size;
        var band = Band(formula, step.Layer.OutputShape.Channels, norm.Size);
        var energy = formula.Node("Conv", [formula.Multiply(x, x), band], Attributes.Numbers("kernel_shape", 1, 1));
        var scale = formula.Add(formula.Multiply(energy, formula.Constant(share)), formula.Constant(norm.Bias));
        var power = formula.Node("Pow", [scale, formula.Constant(-norm.Beta)]);
        var inner = formula.Divide(formula.Multiply(formula.Multiply(gradient, x), power), scale);
        var sum = formula.Node("Conv", [inner, band], Attributes.Numbers("kernel_shape", 1, 1));
        var less = formula.Multiply(formula.Multiply(x, sum), formula.Constant(2 * norm.Beta * share));
        return formula.Subtract(formula.Multiply(gradient, power), less);
    }

    private static long[] PerChannel(ForwardStep step)
    {
        long channels = step.Layer.OutputShape.Channels;
        return step.Layer.OutputShape.IsMap ? [1, channels, 1, 1] : [1, channels];
    }

    /// <summary>A convolution of one cell that sums neighbouring channels.</summary>
    private static string Band(Formula formula, int channels, int size)
    {
        var matrix = new float[channels * channels];
        for (var row = 0; row < channels; row++)
        {
            for (var column = Math.Max(0, row - (size / 2)); column <= Math.Min(channels - 1, row + (size / 2)); column++)
            {
                matrix[(row * channels) + column] = 1;
            }
        }

        return formula.Constant(matrix, channels, channels, 1, 1);
    }
}
