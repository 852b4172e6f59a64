using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Import;

/// <summary>Imports convolution, pooling, padding and normalization.</summary>
internal sealed class WindowOperators(LayerBuilder builder)
{
    private static readonly Size2 One = new(1, 1);

    public Outcome<Value> Convolution(GraphNode node)
    {
        if (Map(node) is not { } map
            || node.Constant(1) is not { Floats: { } weights, Dims: [var filters, var depth, var height, var width] shape })
        {
            return LayerBuilder.Refuse("must take a map [N,C,H,W] and constant weights of four dimensions");
        }

        if (node.Has(2) && node.Constant(2)?.Floats?.Length != filters)
        {
            return LayerBuilder.Refuse("must have a constant bias, one a filter");
        }

        var (kernel, strides, dilation) = (new Size2((int)height, (int)width), Pair(node, "strides"), Pair(node, "dilations"));
        var groups = (int)Math.Clamp(node.Integer("group", 1), 0, int.MaxValue);
        if ((long)groups * depth != map.Shape.Channels)
        {
            return LayerBuilder.Refuse($"has weights for {(long)groups * depth} channels, and takes {map.Shape.Channels}");
        }

        return Pads(node, map.Shape, kernel, strides, dilation).Bind(padding =>
        {
            if (Math.Max(kernel.Height, kernel.Width) > NetworkLimits.Kernel && IsWhole(map, kernel, padding) && groups == 1)
            {
                return AsDense(node, map, weights, (int)filters);
            }

            var layer = new Conv2dLayer
            {
                Filters = (int)filters,
                KernelSize = kernel,
                Strides = strides,
                Dilation = dilation,
                Groups = groups,
                Padding = padding,
                UseBias = node.Has(2),
            };
            var kernels = new WeightTensor([.. shape.Select(size => (int)size)], weights);
            return layer.UseBias
                ? builder.Add(node, layer, [map], ValueOrder.ChannelsFirst, ("weight", kernels),
                    ("bias", new([(int)filters], node.Constant(2)!.Floats!)))
                : builder.Add(node, layer, [map], ValueOrder.ChannelsFirst, ("weight", kernels));
        });
    }

    public Outcome<Value> Pooling(GraphNode node)
    {
        if (Map(node) is not { } map || node.Integers("kernel_shape") is not [var height, var width])
        {
            return LayerBuilder.Refuse("must take a map [N,C,H,W] and a window of two dimensions");
        }

        if (node.HasFurtherOutputs || Pair(node, "dilations") != One)
        {
            return LayerBuilder.Refuse("must have no dilation and one output");
        }

        var (size, strides) = (Size(height, width), Pair(node, "strides"));
        var isCeil = node.Integer("ceil_mode", 0) == 1;
        return Pads(node, map.Shape, size, strides, One).Bind(padding => builder.Add(
            node,
            Math.Max(height, width) > NetworkLimits.Step && IsWhole(map, size, padding) ? Global(node.Operation == "MaxPool", true)
                : node.Operation == "MaxPool"
                ? new MaxPooling2dLayer { PoolSize = size, Strides = strides, Padding = padding, CeilMode = isCeil }
                : new AveragePooling2dLayer
                {
                    PoolSize = size,
                    Strides = strides,
                    Padding = padding,
                    CeilMode = isCeil,
                    CountIncludePad = node.Integer("count_include_pad", 0) == 1,
                },
            [map],
            ValueOrder.ChannelsFirst));
    }

    /// <summary>A kernel that covers the map and is larger than a convolution's here: a dense layer of the flattened map.</summary>
    private Outcome<Value> AsDense(GraphNode node, LayerValue map, float[] weights, int units) =>
        builder.AddBefore(node, new FlattenLayer(), map).Bind(flat =>
        {
            var layer = new DenseLayer { Units = units, UseBias = node.Has(2) };
            var rows = new WeightTensor([units, (int)map.Shape.Elements], weights);
            var made = layer.UseBias
                ? builder.Add(node, layer, [flat], ValueOrder.ChannelsFirst, ("weight", rows),
                    ("bias", new([units], node.Constant(2)!.Floats!)))
                : builder.Add(node, layer, [flat], ValueOrder.ChannelsFirst, ("weight", rows));
            return made.Map<Value>(value => ((LayerValue)value) with { Order = ValueOrder.VectorChannelsFirst });
        });

    private static bool IsWhole(LayerValue map, Size2 window, Padding2 padding) =>
        window == new Size2(map.Shape.Height, map.Shape.Width) && padding is { IsSame: false, Top: 0, Left: 0, Bottom: 0, Right: 0 };

    public Outcome<Value> GlobalPooling(GraphNode node) => Map(node) is { } map
        ? builder.Add(node, Global(node.Operation == "GlobalMaxPool", true), [map], ValueOrder.ChannelsFirst)
        : LayerBuilder.Refuse("must take a map [N,C,H,W]");

    /// <summary>Mean or maximum over height and width, as two dimensions or as one: global pooling.</summary>
    public Outcome<Value> Reduction(GraphNode node)
    {
        var (map, dims) = node.First switch
        {
            LayerValue value => (value, value.Dims),
            ViewValue view => (view.Of, view.Dims),
            _ => (null, []),
        };
        if (map is not { Shape: { IsMap: true, Channels: var channels } })
        {
            return LayerBuilder.Refuse("must take a map");
        }

        int[]? spatial = (map.IsChannelsLast, dims) switch
        {
            (false, [_, var first, _, _]) when first == channels => [2, 3],
            (false, [_, var first, _]) when first == channels => [2],
            (true, [_, _, _, var last]) when last == channels => [1, 2],
            (true, [_, _, var last]) when last == channels => [1],
            _ => null,
        };
        var axes = node.Integers("axes", 1)?.Select(axis => (int)(axis < 0 ? axis + dims.Length : axis)).Order();
        if (spatial is null || axes is null || !axes.SequenceEqual(spatial))
        {
            return LayerBuilder.Refuse("must reduce height and width, and nothing else");
        }

        var keeps = node.Integer("keepdims", 1) == 1;
        var isFour = dims.Length == 4;
        return builder.Add(node, Global(node.Operation == "ReduceMax", keeps && isFour), [map], map.Order).Map(made =>
            keeps && !isFour
                ? new ViewValue((LayerValue)made, [map.Batch, map.IsChannelsLast ? 1 : channels, map.IsChannelsLast ? channels : 1])
                : made);
    }

    public Outcome<Value> Padding(GraphNode node)
    {
        var pads = node.Integers("pads", 1);
        var mode = node.Text("mode", "constant") switch
        {
            "constant" => PaddingMode.Zeros,
            "edge" => PaddingMode.Edge,
            "reflect" => PaddingMode.Reflect,
            _ => (PaddingMode?)null,
        };
        if (node.Layer(0) is not { Shape.IsMap: true } map || pads?.Count != 8 || mode is null || node.Has(3)
            || pads.Any(cells => cells is < 0 or > NetworkLimits.Step))
        {
            return LayerBuilder.Refuse("must pad a map by known cells, 0 or more, with zeros, its edge or its mirror image");
        }

        if (mode == PaddingMode.Zeros && (node.Constant(2)?.AsFloats().FirstOrDefault() ?? (float)node.Number("value", 0)) != 0)
        {
            return LayerBuilder.Refuse("must pad with zero, no other value");
        }

        var (row, column) = map.IsChannelsLast ? (1, 2) : (2, 3);
        return pads.Where((_, axis) => axis % 4 != row && axis % 4 != column).All(cells => cells == 0)
            ? builder.Add(
                node,
                new Padding2dLayer
                {
                    Padding = Padding2.Explicit((int)pads[row], (int)pads[column], (int)pads[4 + row], (int)pads[4 + column]),
                    PaddingMode = mode.Value,
                },
                [map],
                map.Order)
            : LayerBuilder.Refuse("must pad height and width, and nothing else");
    }

    public Outcome<Value> ResponseNormalization(GraphNode node) => Map(node) is { } map
        ? builder.Add(
            node,
            new LocalResponseNormalizationLayer
            {
                Size = (int)Math.Clamp(node.Integer("size", 0), 0, NetworkLimits.Step),
                Alpha = RoundToDecimal(node.Number("alpha", 1e-4)),
                Beta = RoundToDecimal(node.Number("beta", 0.75)),
                Bias = RoundToDecimal(node.Number("bias", 1)),
            },
            [map],
            ValueOrder.ChannelsFirst)
        : LayerBuilder.Refuse("must take a map [N,C,H,W]");

    public Outcome<Value> BatchNormalization(GraphNode node)
    {
        if (node.Layer(0) is not { Order: ValueOrder.ChannelsFirst } value || node.Integer("training_mode", 0) != 0
            || node.Integer("spatial", 1) != 1)
        {
            return LayerBuilder.Refuse("must take a value with its channels second, with the statistics it was trained with");
        }

        var tensors = Enumerable.Range(1, 4).Select(node.Constant).ToArray();
        if (tensors.Any(tensor => tensor?.Floats?.Length != value.Shape.Channels))
        {
            return LayerBuilder.Refuse("must have constant scale, offset, mean and variance, one a channel");
        }

        WeightTensor Of(int i) => new([value.Shape.Channels], tensors[i]!.Floats!);
        var layer = new BatchNormalizationLayer
        {
            Epsilon = RoundToDecimal(node.Number("epsilon", 1e-5)),
            Momentum = Math.Clamp(1 - RoundToDecimal(node.Number("momentum", 0.9)), 0, 1),
        };
        return builder.Add(node, layer, [value], ValueOrder.ChannelsFirst, ("weight", Of(0)), ("bias", Of(1)), ("running_mean", Of(2)),
            ("running_var", Of(3)));
    }

    /// <summary>The decimal number that a float32 was written as: 0.1 instead of 0.10000000149.</summary>
    public static double RoundToDecimal(double value) =>
        double.Parse(((float)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture);

    private static GlobalPoolingLayer Global(bool isMax, bool keeps) =>
        isMax ? new GlobalMaxPooling2dLayer { KeepDimensions = keeps } : new GlobalAveragePooling2dLayer { KeepDimensions = keeps };

    private static LayerValue? Map(GraphNode node) =>
        node.Layer(0) is { Order: ValueOrder.ChannelsFirst, Shape.IsMap: true } map ? map : null;

    private static Size2 Pair(GraphNode node, string name) => node.Integers(name) is [var height, var width] ? Size(height, width) : One;

    private static Size2 Size(long height, long width) =>
        new((int)Math.Clamp(height, 0, int.MaxValue), (int)Math.Clamp(width, 0, int.MaxValue));

    private static Outcome<Padding2> Pads(GraphNode node, TensorShape map, Size2 kernel, Size2 strides, Size2 dilation)
    {
        if (kernel.Height < 1 || kernel.Width < 1 || strides.Height < 1 || strides.Width < 1)
        {
            return LayerBuilder.Refuse("must have a window and strides of 1 or more");
        }

        var automatic = node.Text("auto_pad", "NOTSET");
        if (automatic is "SAME_UPPER" or "SAME_LOWER")
        {
            var same = Padding2.Same.Resolve(new(map.Height, map.Width), kernel, strides, dilation);
            return automatic == "SAME_UPPER" ? Padding2.Same : Padding2.Explicit(same.Bottom, same.Right, same.Top, same.Left);
        }

        return (automatic == "NOTSET" ? node.Integers("pads") : null) switch
        {
            null => Padding2.Valid,
            [var top, var left, var bottom,
                var right] when new[] { top, left, bottom, right }.All(cells => cells is >= 0 and <= NetworkLimits.Step)
                => Padding2.Explicit((int)top, (int)left, (int)bottom, (int)right),
            _ => LayerBuilder.Refuse("must pad by 0 cells or more, on four sides"),
        };
    }
}
