using CnnService.Core.Architecture;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// The backward pass of operations with a sliding window: each output cell propagates its gradient to the cells of its window.
/// </summary>
internal static class WindowGradients
{
    /// <summary>Convolution: the transposed convolution with the same kernels.</summary>
    public static string Convolution(GradientNodes formula, ForwardStep step, Conv2dLayer conv, string gradient)
    {
        var map = MapOf(step);
        var padding = step.Layer.Padding;
        var isFolded = conv.PaddingMode != PaddingMode.Zeros && !padding.IsZero;
        var spread = isFolded
            ? new SlidingWindow(conv.KernelSize, conv.Strides, conv.Dilation, Padding2.Valid)
            : new SlidingWindow(conv.KernelSize, conv.Strides, conv.Dilation, padding);
        var over = isFolded ? Padded(map, padding) : map;
        var result = TransposedConvolution(formula, gradient, $"{step.Layer.Name}.weight", spread, over, conv.Groups);
        return isFolded ? Unpad(formula, result, map, padding, conv.PaddingMode) : result;
    }

    /// <summary>Average pooling: each cell's gradient, divided by the number of cells that counted, to all cells of the window.</summary>
    public static string Average(GradientNodes formula, ForwardStep step, AveragePooling2dLayer pool, string gradient)
    {
        var (map, places) = (MapOf(step), step.Layer.OutputShape);
        var window = new SlidingWindow(pool.PoolSize, pool.EffectiveStrides, new(1, 1), step.Layer.Padding);
        var shares = ReciprocalCounts(pool, window, map, new(places.Height, places.Width));
        var share = formula.Multiply(gradient, formula.Constant(shares, 1, 1, places.Height, places.Width));
        float[] ones = new float[places.Channels * pool.PoolSize.Height * pool.PoolSize.Width];
        Array.Fill(ones, 1);
        var kernels = formula.Constant(ones, places.Channels, 1, pool.PoolSize.Height, pool.PoolSize.Width);
        return TransposedConvolution(formula, share, kernels, window, map, places.Channels);
    }

    /// <summary>
    /// Max pooling: to the cell of the maximum. Overlapping windows may share one, so the scattered gradients are added.
    /// </summary>
    public static string Max(GradientNodes formula, ForwardStep step, string gradient)
    {
        var x = step.Inputs[0];
        var flat = formula.Reshape(x, -1);
        var scattered = formula.Node(
            "ScatterElements",
            [formula.Zeros(flat), formula.Reshape(step.Indices, -1), formula.Reshape(gradient, -1)],
            Attributes.Number("axis", 0L),
            Attributes.Text("reduction", "add"));
        return formula.Node("Reshape", [scattered, formula.Node("Shape", [x])]);
    }

    /// <summary>Global average pooling.</summary>
    public static string GlobalAverage(GradientNodes formula, ForwardStep step, string gradient)
    {
        var (map, channels) = (MapOf(step), step.Layer.InputShapes[0].Channels);
        var shares = new float[map.Height * map.Width];
        Array.Fill(shares, 1f / shares.Length);
        return formula.Multiply(formula.Reshape(gradient, -1, channels, 1, 1), formula.Constant(shares, 1, 1, map.Height, map.Width));
    }

    /// <summary>Global max pooling; cells with the same maximum share the gradient equally.</summary>
    public static string GlobalMax(GradientNodes formula, ForwardStep step, string gradient)
    {
        var channels = step.Layer.InputShapes[0].Channels;
        var most = formula.Reshape(step.Preactivation, -1, channels, 1, 1);
        var chosen = formula.Where(formula.Node("Equal", [step.Inputs[0], most]), formula.Constant(1), formula.Constant(0));
        var number = formula.Node("ReduceSum", [chosen, formula.Integers(2, 3)], Attributes.Number("keepdims", 1L));
        return formula.Multiply(formula.Divide(formula.Reshape(gradient, -1, channels, 1, 1), number), chosen);
    }

    /// <summary>Padding: cells copied from the feature map propagate their gradient to the cell they copy.</summary>
    public static string Padding(GradientNodes formula, ForwardStep step, Padding2dLayer pad, string gradient) =>
        Unpad(formula, gradient, MapOf(step), pad.Padding, pad.PaddingMode);

    private static Size2 MapOf(ForwardStep step) => new(step.Layer.InputShapes[0].Height, step.Layer.InputShapes[0].Width);

    private static Size2 Padded(Size2 map, Padding2 padding) =>
        new(map.Height + padding.Top + padding.Bottom, map.Width + padding.Left + padding.Right);

    /// <summary>A transposed convolution to the size of a feature map; cells that no window covers get zero.</summary>
    private static string TransposedConvolution(
        GradientNodes formula, string gradient, string kernels, SlidingWindow window, Size2 map, int groups)
    {
        var (span, padded) = (window.Span, Padded(map, window.Padding));
        return formula.Node(
            "ConvTranspose",
            [gradient, kernels],
            Attributes.Pair("kernel_shape", window.Kernel),
            Attributes.Pair("strides", window.Strides),
            Attributes.Pair("dilations", window.Dilation),
            Attributes.Number("group", (long)groups),
            Attributes.Pads(window.Padding),
            Attributes.Numbers("output_padding", (padded.Height - span.Height) % window.Strides.Height,
                (padded.Width - span.Width) % window.Strides.Width));
    }

    private static string Unpad(GradientNodes formula, string gradient, Size2 map, Padding2 padding, PaddingMode mode)
    {
        if (mode == PaddingMode.Zeros)
        {
            return formula.Node(
                "Slice",
                [
                    gradient,
                    formula.Integers(padding.Top, padding.Left),
                    formula.Integers(padding.Top + map.Height, padding.Left + map.Width),
                    formula.Integers(2, 3),
                ]);
        }

        if (padding.Top + padding.Bottom > 0)
        {
            var rows = PaddingMatrix.Create(map.Height, padding.Top, padding.Bottom, mode);
            gradient = formula.Node("MatMul",
                [formula.Constant(PaddingMatrix.Transpose(rows, map.Height), map.Height, rows.Length / map.Height), gradient]);
        }

        if (padding.Left + padding.Right > 0)
        {
            var columns = PaddingMatrix.Create(map.Width, padding.Left, padding.Right, mode);
            gradient = formula.Node("MatMul", [gradient, formula.Constant(columns, columns.Length / map.Width, map.Width)]);
        }

        return gradient;
    }

    /// <summary>For each output cell, 1 divided by the number of cells that count in its window.</summary>
    private static float[] ReciprocalCounts(AveragePooling2dLayer pool, SlidingWindow window, Size2 map, Size2 places)
    {
        var written = pool.CountIncludePad ? pool.Padding.Resolve(map, pool.PoolSize, pool.EffectiveStrides, new(1, 1)) : Padding2.Valid;
        var shares = new float[places.Height * places.Width];
        for (var i = 0; i < shares.Length; i++)
        {
            var rows = CountedCells((i / places.Width * window.Strides.Height) - window.Padding.Top, window.Kernel.Height, -written.Top,
                map.Height + written.Bottom);
            var columns = CountedCells((i % places.Width * window.Strides.Width) - window.Padding.Left, window.Kernel.Width, -written.Left,
                map.Width + written.Right);
            shares[i] = 1f / Math.Max(1, rows * columns);
        }

        return shares;
    }

    private static int CountedCells(int start, int size, int first, int end) =>
        Math.Max(0, Math.Min(start + size, end) - Math.Max(start, first));

    /// <summary>A sliding window with explicit padding.</summary>
    private readonly record struct SlidingWindow(Size2 Kernel, Size2 Strides, Size2 Dilation, Padding2 Padding)
    {
        /// <summary>Extent of the dilated window in cells.</summary>
        public Size2 Span => new(((Kernel.Height - 1) * Dilation.Height) + 1, ((Kernel.Width - 1) * Dilation.Width) + 1);
    }
}
