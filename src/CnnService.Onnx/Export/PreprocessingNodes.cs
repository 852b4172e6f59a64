using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Onnx.Export;

/// <summary>
/// Embeds the preprocessing in the file: bytes to float, channels first, then one linear map of each pixel's channels as a 1×1 convolution.
/// Channel order, scale, mean, standard deviation and colour matrix together are such a map; what a mean image subtracts follows it.
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
        var normalized = graph.Node(
            "Conv",
            $"{Scope}/normalize",
            $"{Scope}/normalized",
            [
                planes,
                graph.Weights($"{Scope}/factors", weights, image.Channels, image.Channels, 1, 1),
                graph.Weights($"{Scope}/offsets", biases, image.Channels),
            ],
            Attributes.Numbers("kernel_shape", 1, 1));
        return preprocessing.MeanImage is null ? normalized : graph.Node(
            "Sub",
            $"{Scope}/center",
            $"{Scope}/centered",
            [normalized, graph.Weights($"{Scope}/mean", Offsets(preprocessing), 1, image.Channels, image.Height, image.Width)]);
    }

    /// <summary>Subtracted after the channels have been mixed, <c>[C,H,W]</c>: the mean image, divided and mixed likewise.</summary>
    private static float[] Offsets(Preprocessing preprocessing)
    {
        var values = preprocessing.MeanImage!.Values;
        var channels = preprocessing.Std.Count;
        var area = values.Length / channels;
        var offsets = new float[values.Length];
        for (var i = 0; i < offsets.Length; i++)
        {
            var sum = 0.0;
            for (var from = 0; from < channels; from++)
            {
                sum += Share(preprocessing, i / area, from) * values[(from * area) + (i % area)] / preprocessing.Std[from];
            }

            offsets[i] = (float)sum;
        }

        return offsets;
    }

    private static double Share(Preprocessing preprocessing, int plane, int from) =>
        preprocessing.Matrix?[plane][from] ?? (plane == from ? 1 : 0);

    /// <summary>Output channel r is the sum of <c>weights[r][c]</c> times input byte c, plus <c>biases[r]</c>.</summary>
    private static (float[] Weights, float[] Biases) ChannelMap(int channels, Preprocessing preprocessing)
    {
        var weights = new double[channels * channels];
        var biases = new double[channels];
        for (var plane = 0; plane < channels; plane++)
        {
            for (var from = 0; from < channels; from++)
            {
                var share = Share(preprocessing, plane, from);
                var source = preprocessing.ChannelOrder == ChannelOrder.Bgr ? channels - 1 - from : from;
                weights[(plane * channels) + source] += share * preprocessing.Scale / preprocessing.Std[from];
                biases[plane] -= preprocessing.MeanImage is null ? share * preprocessing.Mean[from] / preprocessing.Std[from] : 0;
            }
        }

        return ([.. weights.Select(weight => (float)weight)], [.. biases.Select(bias => (float)bias)]);
    }
}
