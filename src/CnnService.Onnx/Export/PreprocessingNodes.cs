using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Onnx.Export;

/// <summary>
/// Embeds the preprocessing in the file: bytes to float, channels first, then one linear map of each pixel's channels as a 1×1 convolution.
/// Channel order, scale, mean, standard deviation and colour matrix together are such a map.
/// </summary>
internal static class PreprocessingNodes
{
    private const string Images = "images";
    private const string Scope = "preprocessing";

    /// <summary>
    /// Adds the input <c>images</c>, uint8 <c>[N,H,W,C]</c>; returns the name of the normalized value, float32 <c>[N,C,H,W]</c>.
    /// </summary>
    public static string Add(GraphBuilder graph, InputSpec image, Preprocessing preprocessing)
    {
        graph.ByteInput(Images, image);
        var numbers = graph.Node("Cast", $"{Scope}/cast", $"{Scope}/numbers", [Images],
            Attributes.Number("to", (long)Format.OnnxTypes.Float));
        var planes = graph.Node("Transpose", $"{Scope}/transpose", $"{Scope}/planes", [numbers], Attributes.Numbers("perm", 0, 3, 1, 2));
        var (weights, biases) = ChannelMap(image.Channels, preprocessing);
        return graph.Node(
            "Conv",
            $"{Scope}/normalize",
            $"{Scope}/normalized",
            [
                planes,
                graph.Weights($"{Scope}/factors", weights, image.Channels, image.Channels, 1, 1),
                graph.Weights($"{Scope}/offsets", biases, image.Channels),
            ],
            Attributes.Numbers("kernel_shape", 1, 1));
    }

    /// <summary>Output channel r is the sum of <c>weights[r][c]</c> times input byte c, plus <c>biases[r]</c>.</summary>
    private static (float[] Weights, float[] Biases) ChannelMap(int channels, Preprocessing preprocessing)
    {
        var weights = new double[channels * channels];
        var biases = new double[channels];
        for (var plane = 0; plane < channels; plane++)
        {
            for (var from = 0; from < channels; from++)
            {
                var share = preprocessing.Matrix?[plane][from] ?? (plane == from ? 1 : 0);
                var source = preprocessing.ChannelOrder == ChannelOrder.Bgr ? channels - 1 - from : from;
                weights[(plane * channels) + source] += share * preprocessing.Scale / preprocessing.Std[from];
                biases[plane] -= share * preprocessing.Mean[from] / preprocessing.Std[from];
            }
        }

        return ([.. weights.Select(weight => (float)weight)], [.. biases.Select(bias => (float)bias)]);
    }
}
