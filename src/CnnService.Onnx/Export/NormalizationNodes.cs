using CnnService.Core.Architecture;

namespace CnnService.Onnx.Export;

/// <summary>The ONNX nodes of normalizations by an image's own mean and variance.</summary>
internal sealed class NormalizationNodes(GraphBuilder graph)
{
    /// <summary>Adds the layer.</summary>
    /// <param name="layer">Gives names and shapes.</param>
    /// <param name="norm">Its settings.</param>
    /// <param name="input">Name of its input value.</param>
    /// <param name="parameter">Adds the parameter of a suffix and gives its name.</param>
    /// <param name="output">Name of its output value.</param>
    public void Add(ResolvedLayer layer, LayerNormalizationLayer norm, string input, Func<string, string> parameter, string output)
    {
        var (name, shape) = (layer.Name, layer.OutputShape);
        if (norm.Groups is not null && !norm.Elementwise)
        {
            OfGroups(layer, norm, input, parameter, output);
        }
        else if (shape.IsMap && !norm.Elementwise)
        {
            var last = graph.Node("Transpose", $"{name}/last", $"{name}/last", [input], Attributes.Numbers("perm", 0, 2, 3, 1));
            var normal = Normalize(name, norm, last, -1, parameter, $"{name}/normal");
            graph.Node("Transpose", $"{name}/first", output, [normal], Attributes.Numbers("perm", 0, 3, 1, 2));
        }
        else
        {
            Normalize(name, norm, input, 1, parameter, output);
        }
    }

    /// <summary>Over the dimensions from an axis on.</summary>
    private string Normalize(
        string name, LayerNormalizationLayer norm, string input, int axis, Func<string, string> parameter, string output) => graph.Node(
        "LayerNormalization",
        name,
        output,
        [input, parameter(LayerNodes.Weight), parameter(LayerNodes.Bias)],
        Attributes.Number("axis", (long)axis),
        Attributes.Number("epsilon", (float)norm.Epsilon));

    /// <summary>Each group as one channel of an instance normalization, then one factor and one offset a channel.</summary>
    private void OfGroups(
        ResolvedLayer layer, LayerNormalizationLayer norm, string input, Func<string, string> parameter, string output)
    {
        var (name, shape, groups) = (layer.Name, layer.OutputShape, norm.Groups!.Value);
        long[] whole = shape.IsMap ? [-1, shape.Channels, shape.Height, shape.Width] : [-1, shape.Channels];
        var (ones, zeros) = (new float[groups], new float[groups]);
        Array.Fill(ones, 1);
        var split = graph.Node("Reshape", $"{name}/split", $"{name}/split", [input, graph.Integers($"{name}/groups", 0, groups, -1)]);
        var normal = graph.Node(
            "InstanceNormalization",
            name,
            $"{name}/normal",
            [split, graph.Weights($"{name}/ones", ones, groups), graph.Weights($"{name}/zeros", zeros, groups)],
            Attributes.Number("epsilon", (float)norm.Epsilon));
        var joined = graph.Node("Reshape", $"{name}/join", $"{name}/joined", [normal, graph.Integers($"{name}/shape", whole)]);
        var scaled = graph.Node("Mul", $"{name}/scale", $"{name}/scaled", [joined, PerChannel(name, shape, parameter(LayerNodes.Weight))]);
        graph.Node("Add", $"{name}/shift", output, [scaled, PerChannel(name, shape, parameter(LayerNodes.Bias))]);
    }

    /// <summary>Beside a map, one value a channel as <c>[C,1,1]</c>.</summary>
    private string PerChannel(string name, TensorShape shape, string parameter) => !shape.IsMap ? parameter : graph.Node(
        "Unsqueeze", $"{parameter}/spread", $"{parameter}/spread", [parameter, graph.Integers($"{parameter}/axes", 1, 2)]);
}
