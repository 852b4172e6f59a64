using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>The backward pass of normalizations and of PReLU.</summary>
internal static class NormalizationGradients
{
    /// <summary>Batch normalization in inference: per channel, times weight / √(variance + ε).</summary>
    public static string Batch(GradientNodes formula, ForwardStep step, BatchNormalizationLayer norm, NamedWeights weights, string gradient)
    {
        var (weight, variance) = (weights[$"{step.Layer.Name}.weight"].Data, weights[$"{step.Layer.Name}.running_var"].Data);
        float[] factors = [.. weight.Zip(variance, (w, v) => (float)(w / Math.Sqrt(v + norm.Epsilon)))];
        return formula.Multiply(gradient, formula.Constant(factors, PerChannel(step)));
    }

    /// <summary>PReLU: times the channel's slope where the input is not positive.</summary>
    public static string PRelu(GradientNodes formula, ForwardStep step, NamedWeights weights, string gradient)
    {
        var slopes = formula.Constant(weights[$"{step.Layer.Name}.weight"].Data, PerChannel(step));
        var isAbove = formula.Node("Greater", [step.Inputs[0], formula.Constant(0)]);
        return formula.Where(isAbove, gradient, formula.Multiply(gradient, slopes));
    }

    /// <summary>
    /// Local response normalization, <c>y = x·s^−β</c> with <c>s = bias + α/size · Σ x²</c> over adjacent channels: <c>g·s^−β − 2αβ/size ·
    /// x · Σ g·x·s^(−β−1)</c>, where the sum runs over the channels that have this one in their window.
    /// </summary>
    public static string Response(GradientNodes formula, ForwardStep step, LocalResponseNormalizationLayer norm, string gradient)
    {
        var x = step.Inputs[0];
        var share = norm.Alpha / norm.Size;
        var band = AdjacentChannels(formula, step.Layer.OutputShape.Channels, norm.Size);
        var energy = formula.Node("Conv", [formula.Multiply(x, x), band], Attributes.Numbers("kernel_shape", 1, 1));
        var scale = formula.Add(formula.Multiply(energy, formula.Constant(share)), formula.Constant(norm.Bias));
        var power = formula.Node("Pow", [scale, formula.Constant(-norm.Beta)]);
        var inner = formula.Divide(formula.Multiply(formula.Multiply(gradient, x), power), scale);
        var sum = formula.Node("Conv", [inner, band], Attributes.Numbers("kernel_shape", 1, 1));
        var less = formula.Multiply(formula.Multiply(x, sum), formula.Constant(2 * norm.Beta * share));
        return formula.Subtract(formula.Multiply(gradient, power), less);
    }

    /// <summary>
    /// Normalization by the image's own mean and variance, <c>y = w·n + b</c> with <c>n = (x−mean)/σ</c>: with <c>h = g·w</c> it is
    /// <c>(h − mean(h) − n·mean(h·n))/σ</c>, all means over the values that are normalized together.
    /// </summary>
    public static string Layer(
        GradientNodes formula, ForwardStep step, LayerNormalizationLayer norm, NamedWeights weights, string gradient)
    {
        var shape = step.Layer.OutputShape;
        long[] own = shape.IsMap ? [-1, shape.Channels, shape.Height, shape.Width] : [-1, shape.Channels];
        var (axis, x) = (norm.Groups is null ? 1 : 2, step.Inputs[0]);
        string Grouped(string value) => norm.Groups is { } groups ? formula.Reshape(value, -1, groups, shape.Elements / groups) : value;
        string Mean(string value) => formula.Node(
            "ReduceMean", [value], Attributes.Numbers("axes", axis), Attributes.Number("keepdims", 1L));
        var factors = formula.Constant(
            weights[$"{step.Layer.Name}.weight"].Data, norm.Elementwise && shape.IsMap ? [1, .. own[1..]] : PerChannel(step));
        var values = Grouped(x);
        var centred = formula.Subtract(values, Mean(values));
        var variance = Mean(formula.Multiply(centred, centred));
        var deviation = formula.Node("Sqrt", [formula.Add(variance, formula.Constant(norm.Epsilon))]);
        var normal = formula.Divide(centred, deviation);
        var scaled = Grouped(formula.Multiply(gradient, factors));
        var less = formula.Add(Mean(scaled), formula.Multiply(normal, Mean(formula.Multiply(scaled, normal))));
        var result = formula.Divide(formula.Subtract(scaled, less), deviation);
        return norm.Groups is null ? result : formula.Reshape(result, own);
    }

    private static long[] PerChannel(ForwardStep step)
    {
        long channels = step.Layer.OutputShape.Channels;
        return step.Layer.OutputShape.IsMap ? [1, channels, 1, 1] : [1, channels];
    }

    /// <summary>The weights <c>[C,C,1,1]</c> of a 1×1 convolution that sums adjacent channels.</summary>
    private static string AdjacentChannels(GradientNodes formula, int channels, int size)
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
