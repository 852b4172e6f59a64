using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>Derivatives of the layers, before their activation functions.</summary>
internal static class LayerGradients
{
    /// <summary>The derivatives by each of the layer's inputs, in their order.</summary>
    /// <param name="nodes">Of the layer.</param>
    /// <param name="layer">Not an activation.</param>
    /// <param name="weights">Of the network.</param>
    /// <param name="gradient">By the layer's value before its activation function.</param>
    public static IReadOnlyList<string> Of(LayerGradientNodes nodes, ResolvedLayer layer, NamedWeights weights, string gradient) => layer.Spec switch
    {
        Conv2dLayer conv => [WindowGradients.Convolution(nodes, layer, conv, gradient)],
        MaxPooling2dLayer => [WindowGradients.MaxPooling(nodes, layer, gradient)],
        AveragePooling2dLayer pool => [WindowGradients.AveragePooling(nodes, layer, pool, gradient)],
        GlobalAveragePooling2dLayer => [GlobalAverage(nodes, layer, gradient)],
        GlobalMaxPooling2dLayer => [GlobalMax(nodes, layer, gradient)],
        Padding2dLayer pad => [PaddingGradients.Add(nodes, layer.InputShapes[0], pad.Padding, pad.PaddingMode, gradient)],
        BatchNormalizationLayer norm => [BatchNormalization(nodes, layer, norm, weights, gradient)],
        LocalResponseNormalizationLayer norm => [ResponseNormalization(nodes, layer, norm, gradient)],
        PReluLayer => [PRelu(nodes, layer, gradient)],
        DropoutLayer => [gradient],
        FlattenLayer => [Reshape(nodes, layer.InputShapes[0], gradient)],
        DenseLayer => [nodes.Node("MatMul", "input", [gradient, LayerNodes.WeightOf(layer.Name)])],
        AddLayer => [.. layer.InputShapes.Select((shape, i) => Shrink(nodes, i, shape, layer.OutputShape, gradient))],
        MultiplyLayer => [.. layer.InputShapes.Select((shape, i) => Shrink(nodes, i, shape, layer.OutputShape, Others(nodes, layer, i, gradient)))],
        ConcatenateLayer => Slices(nodes, layer, gradient),
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer.Spec.GetType().Name, "has no derivative here"),
    };

    private static string Value(ResolvedLayer layer, int input = 0) => OnnxExporter.ValueOf(layer.Inputs[input]);

    private static string Reshape(LayerGradientNodes nodes, TensorShape shape, string gradient) =>
        nodes.Node("Reshape", "map", [gradient, nodes.Integers("shape", shape.IsMap ? [-1, shape.Channels, shape.Height, shape.Width] : [-1, shape.Channels])]);

    /// <summary>A vector as maps of one cell.</summary>
    private static string AsMap(LayerGradientNodes nodes, ResolvedLayer layer, string gradient) => layer.OutputShape.IsMap
        ? gradient
        : nodes.Node("Unsqueeze", "cell", [gradient, nodes.Integers("cell/axes", 2, 3)]);

    private static string GlobalAverage(LayerGradientNodes nodes, ResolvedLayer layer, string gradient)
    {
        var map = layer.InputShapes[0];
        var share = new float[map.Height * map.Width];
        Array.Fill(share, 1f / share.Length);
        return nodes.Node("Mul", "input", [AsMap(nodes, layer, gradient), nodes.Constant("share", share, 1, 1, map.Height, map.Width)]);
    }

    /// <summary>To the largest cell; equal ones share it.</summary>
    private static string GlobalMax(LayerGradientNodes nodes, ResolvedLayer layer, string gradient)
    {
        var axes = Attributes.Numbers("axes", 2, 3);
        var largest = nodes.Node("ReduceMax", "largest", [Value(layer)], axes, Attributes.Number("keepdims", 1L));
        var mask = nodes.Node("Cast", "mask", [nodes.Node("Equal", "equal", [Value(layer), largest])], Attributes.Number("to", (long)Format.OnnxTypes.Float));
        var count = nodes.Node("ReduceSum", "count", [mask, nodes.Integers("count/axes", 2, 3)], Attributes.Number("keepdims", 1L));
        return nodes.Node("Mul", "input", [AsMap(nodes, layer, gradient), nodes.Node("Div", "share", [mask, count])]);
    }

    private static string BatchNormalization(LayerGradientNodes nodes, ResolvedLayer layer, BatchNormalizationLayer norm, NamedWeights weights, string gradient)
    {
        var scale = weights[LayerNodes.WeightOf(layer.Name)].Data;
        var variance = weights[LayerNodes.VarianceOf(layer.Name)].Data;
        var factors = scale.Zip(variance, (weight, spread) => (float)(weight / Math.Sqrt(spread + norm.Epsilon))).ToArray();
        return nodes.Node("Mul", "input", [gradient, nodes.Constant("scale", factors, layer.OutputShape.IsMap ? [1, factors.Length, 1, 1] : [1, factors.Length])]);
    }

    private static string PRelu(LayerGradientNodes nodes, ResolvedLayer layer, string gradient)
    {
        var above = nodes.Node("Greater", "above", [Value(layer), nodes.Number("zero", 0)]);
        var slope = nodes.Node("Where", "slope", [above, nodes.Number("one", 1), LayerNodes.WeightOf(layer.Name)]);
        return nodes.Node("Mul", "input", [gradient, slope]);
    }

    /// <summary>With D = bias + alpha/size·Σx² of the neighbours: g·D^-β - 2·α·β/size · x · Σ(g·x·D^(-β-1)) of the neighbours.</summary>
    private static string ResponseNormalization(LayerGradientNodes nodes, ResolvedLayer layer, LocalResponseNormalizationLayer norm, string gradient)
    {
        var channels = layer.OutputShape.Channels;
        var band = new float[channels * channels];
        for (var to = 0; to < channels; to++)
        {
            for (var from = Math.Max(0, to - (norm.Size / 2)); from <= Math.Min(channels - 1, to + (norm.Size / 2)); from++)
            {
                band[(to * channels) + from] = 1;
            }
        }

        var neighbours = nodes.Constant("neighbours", band, channels, channels, 1, 1);
        var x = Value(layer);
        var energy = nodes.Node("Conv", "energy", [nodes.Node("Mul", "square", [x, x]), neighbours]);
        var d = nodes.Node("Add", "divisor", [nodes.Node("Mul", "scaled", [energy, nodes.Number("alpha", norm.Alpha / norm.Size)]), nodes.Number("bias", norm.Bias)]);
        var own = nodes.Node("Mul", "own", [gradient, nodes.Node("Pow", "power", [d, nodes.Number("exponent", -norm.Beta)])]);
        var pull = nodes.Node("Mul", "pull", [nodes.Node("Mul", "weighted", [gradient, x]), nodes.Node("Pow", "steeper", [d, nodes.Number("steeper/exponent", -norm.Beta - 1)])]);
        var others = nodes.Node("Mul", "others", [nodes.Node("Conv", "spread", [pull, neighbours]), x]);
        return nodes.Node("Sub", "input", [own, nodes.Node("Mul", "others/scaled", [others, nodes.Number("factor", 2 * norm.Alpha * norm.Beta / norm.Size)])]);
    }

    /// <summary>The derivative times all inputs but one.</summary>
    private static string Others(LayerGradientNodes nodes, ResolvedLayer layer, int input, string gradient)
    {
        for (var i = 0; i < layer.Inputs.Count; i++)
        {
            if (i != input)
            {
                gradient = nodes.Node("Mul", $"other_{input}_{i}", [gradient, LayerNodes.SpreadInput(layer, i)]);
            }
        }

        return gradient;
    }

    /// <summary>Sums over what an input was spread to.</summary>
    private static string Shrink(LayerGradientNodes nodes, int input, TensorShape shape, TensorShape whole, string gradient)
    {
        if (!whole.IsMap || shape == whole)
        {
            return gradient;
        }

        var keep = Attributes.Number("keepdims", shape.IsMap ? 1L : 0L);
        if (!shape.IsMap || (shape.Height == 1 && shape.Width == 1 && whole.Height * whole.Width > 1))
        {
            gradient = nodes.Node("ReduceSum", $"input_{input}", [gradient, nodes.Integers($"input_{input}/axes", 2, 3)], keep);
        }

        return shape.Channels == whole.Channels
            ? gradient
            : nodes.Node("ReduceSum", $"channels_{input}", [gradient, nodes.Integers($"channels_{input}/axes", 1)], Attributes.Number("keepdims", 1L));
    }

    private static List<string> Slices(LayerGradientNodes nodes, ResolvedLayer layer, string gradient)
    {
        var slices = new List<string>();
        var start = 0L;
        for (var i = 0; i < layer.Inputs.Count; i++)
        {
            var end = start + layer.InputShapes[i].Channels;
            slices.Add(nodes.Node(
                "Slice", $"input_{i}", [gradient, nodes.Integers($"start_{i}", start), nodes.Integers($"end_{i}", end), nodes.Integers($"axis_{i}", 1)]));
            start = end;
        }

        return slices;
    }
}
