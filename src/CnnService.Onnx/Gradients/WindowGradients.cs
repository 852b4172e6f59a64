using CnnService.Core.Architecture;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>Derivatives of what slides over a map: a convolution's is the transposed convolution with the same kernel.</summary>
internal static class WindowGradients
{
    public static string Convolution(LayerGradientNodes nodes, ResolvedLayer layer, Conv2dLayer conv, string gradient)
    {
        var shape = layer.InputShapes[0];
        var map = new Size2(shape.Height, shape.Width);
        var kernel = LayerNodes.WeightOf(layer.Name);
        if (conv.PaddingMode == PaddingMode.Zeros || layer.Padding.IsZero)
        {
            return Transposed(nodes, layer, new(conv.KernelSize, conv.Strides, conv.Dilation, layer.Padding), map, kernel, conv.Groups, gradient);
        }

        var padded = new Size2(map.Height + layer.Padding.Top + layer.Padding.Bottom, map.Width + layer.Padding.Left + layer.Padding.Right);
        var inner = Transposed(nodes, layer, new(conv.KernelSize, conv.Strides, conv.Dilation, Padding2.Valid), padded, kernel, conv.Groups, gradient);
        return PaddingGradients.Add(nodes, shape, layer.Padding, conv.PaddingMode, inner);
    }

    /// <summary>Each window's derivative goes to the cell that was its largest; cells of several windows gather theirs.</summary>
    public static string MaxPooling(LayerGradientNodes nodes, ResolvedLayer layer, string gradient)
    {
        var pool = nodes.Graph.Graph.Node.Single(node => node.Name == layer.Name && node.OpType == "MaxPool");
        pool.Output.Add($"{layer.Name}/indices"); // Of the whole batch, laid out flat.
        var all = nodes.Integers("all", -1);
        var shape = nodes.Node("Shape", "shape", [OnnxExporter.ValueOf(layer.Inputs[0])]);
        var zeros = nodes.Node("ConstantOfShape", "zeros", [nodes.Node("ReduceProd", "size", [shape], Attributes.Number("keepdims", 1L))]);
        var flat = nodes.Node(
            "ScatterElements",
            "flat",
            [zeros, nodes.Node("Reshape", "cells", [pool.Output[1], all]), nodes.Node("Reshape", "values", [gradient, all])],
            Attributes.Number("axis", 0L),
            Attributes.Text("reduction", "add"));
        return nodes.Node("Reshape", "input", [flat, shape]);
    }

    /// <summary>Each cell of a window gets an equal share.</summary>
    public static string AveragePooling(LayerGradientNodes nodes, ResolvedLayer layer, AveragePooling2dLayer pool, string gradient)
    {
        var shape = layer.InputShapes[0];
        var map = new Size2(shape.Height, shape.Width);
        var shares = Shares(layer, pool, map);
        var shared = nodes.Node("Mul", "shared", [gradient, nodes.Constant("shares", shares, 1, 1, layer.OutputShape.Height, layer.OutputShape.Width)]);
        var ones = new float[shape.Channels * pool.PoolSize.Height * pool.PoolSize.Width];
        Array.Fill(ones, 1f);
        var kernel = nodes.Constant("ones", ones, shape.Channels, 1, pool.PoolSize.Height, pool.PoolSize.Width);
        return Transposed(nodes, layer, new(pool.PoolSize, pool.Steps, new(1, 1), layer.Padding), map, kernel, shape.Channels, shared);
    }

    private static string Transposed(LayerGradientNodes nodes, ResolvedLayer layer, Sliding window, Size2 map, string kernel, int groups, string gradient)
    {
        var (size, steps, dilation, padding) = window;
        return nodes.Node(
            "ConvTranspose",
            "window",
            [gradient, kernel],
            Attributes.Pair("kernel_shape", size),
            Attributes.Pair("strides", steps),
            Attributes.Pair("dilations", dilation),
            Attributes.Number("group", (long)groups),
            Attributes.Pads(padding),
            Attributes.Numbers(
                "output_padding",
                Unreached(map.Height, layer.OutputShape.Height, size.Height, steps.Height, dilation.Height, padding.Top + padding.Bottom),
                Unreached(map.Width, layer.OutputShape.Width, size.Width, steps.Width, dilation.Width, padding.Left + padding.Right)));
    }

    /// <summary>Cells at the end of an axis that no window covers.</summary>
    private static int Unreached(int map, int windows, int size, int step, int dilation, int padding) =>
        map + padding - (((windows - 1) * step) + ((size - 1) * dilation) + 1);

    /// <summary>One over the cells that count in each window.</summary>
    private static float[] Shares(ResolvedLayer layer, AveragePooling2dLayer pool, Size2 map)
    {
        var written = pool.CountIncludePad ? pool.Padding.Resolve(map, pool.PoolSize, pool.Steps, new(1, 1)) : Padding2.Valid;
        var (height, width) = (layer.OutputShape.Height, layer.OutputShape.Width);
        var shares = new float[height * width];
        for (var y = 0; y < height; y++)
        {
            var rows = Counted((y * pool.Steps.Height) - layer.Padding.Top, pool.PoolSize.Height, -written.Top, map.Height + written.Bottom);
            for (var x = 0; x < width; x++)
            {
                var columns = Counted((x * pool.Steps.Width) - layer.Padding.Left, pool.PoolSize.Width, -written.Left, map.Width + written.Right);
                shares[(y * width) + x] = 1f / (rows * columns);
            }
        }

        return shares;
    }

    private static int Counted(int start, int size, int first, int end) => Math.Min(start + size, end) - Math.Max(start, first);

    private readonly record struct Sliding(Size2 Size, Size2 Steps, Size2 Dilation, Padding2 Padding);
}
