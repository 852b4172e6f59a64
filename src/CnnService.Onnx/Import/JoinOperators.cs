using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>Imports arithmetic between layers or with constants, and concatenation.</summary>
internal sealed class JoinOperators(LayerBuilder builder, ActivationOperators activations, NormalizationScaling scaling)
{
    public Outcome<Value> Arithmetic(GraphNode node)
    {
        if (node.Inputs.Count == 2 && ViewValue.From(node) is { } left && node.Constant(1) is { } right)
        {
            return Linear(node, left, 0, right, isReversed: false);
        }

        if (node.Inputs.Count == 2 && node.Constant(0) is { } first && ViewValue.From(node.Inputs[1]) is { } second)
        {
            return Linear(node, second, 1, first, isReversed: true);
        }

        var values = Repeated(node).OfType<LayerValue>().ToArray();
        if (values.Length != node.Inputs.Count || node.Operation is "Sub" or "Div")
        {
            return LayerBuilder.Refuse("must be a sum or a product of layers, or of a layer and constants");
        }

        if (node.Operation == "Mul"
            && (activations.SelfGated(node, values[0], values[1], 1) ?? activations.SelfGated(node, values[1], values[0], 0)) is { } gated)
        {
            return gated;
        }

        return Join(node, values, node.Operation == "Mul" ? new MultiplyLayer() : new AddLayer());
    }

    public Outcome<Value> Concatenation(GraphNode node)
    {
        var values = node.Inputs.OfType<LayerValue>().ToArray();
        if (values.Length != node.Inputs.Count
            || values.Any(value => value.Order != values[0].Order || value.Shape.IsMap != values[0].Shape.IsMap)
            || values[0].Axis(node.Integer("axis", 1)) != values[0].ChannelAxis || values[0].Order == ValueOrder.FlatChannelsLast)
        {
            return LayerBuilder.Refuse("must join the channels of layers");
        }

        return values.Length == 1 ? values[0]
            : Selected(node, values) ?? builder.Add(node, new ConcatenateLayer(), values, values[0].Order);
    }

    /// <summary>Channels of one value that are only put into another order, as a flip of red and blue is; null for other joins.</summary>
    private Outcome<Value>? Selected(GraphNode node, LayerValue[] values)
    {
        var parts = values.Select(value => builder.Draft.Find(value.Layer)).OfType<SelectChannelsLayer>().ToArray();
        return parts.Length == values.Length && parts[0].Inputs is [var source]
            && parts.All(part => part.Inputs is [var from] && from == source)
            ? builder.Add(node, new SelectChannelsLayer { Channels = [.. parts.SelectMany(part => part.Channels)] },
                [values[0] with { Layer = source }], values[0].Order)
            : null;
    }

    /// <summary>The inputs; values that were expanded to the map they are joined with as before, as the join expands them itself.</summary>
    private static IEnumerable<Value?> Repeated(GraphNode node) => node.Inputs.Select(input => input is ExpandedValue expanded
        && node.Inputs.OfType<LayerValue>().Any(other => other.Dims.SequenceEqual(expanded.Dims)) ? expanded.Of : input);

    private Outcome<Value> Join(GraphNode node, LayerValue[] values, LayerSpec layer)
    {
        var map = values.FirstOrDefault(value => value.Shape.IsMap);
        var whole = map ?? values[0];
        var isSound = values.All(value => value.Order == whole.Order
            || (map is not null && !value.Shape.IsMap
                && value.Order == (map.IsChannelsLast ? ValueOrder.VectorChannelsLast : ValueOrder.VectorChannelsFirst)));
        var stray = map is not null && values.Any(value => !value.Shape.IsMap && value.Order == ValueOrder.ChannelsFirst);
        return isSound && !stray && (whole.Order != ValueOrder.FlatChannelsLast || values.All(value => value.Map == whole.Map))
            ? builder.Add(node, layer, values, whole.Order)
                .Bind<Value>(made => ((LayerValue)made) with { Order = whole.Order, Map = whole.Map })
            : LayerBuilder.Refuse("must join values of one shape, or a map with one value a channel");
    }

    private Outcome<Value> Linear(GraphNode node, ViewValue from, int index, ConstantTensor constant, bool isReversed)
    {
        var value = from.Of;
        if (scaling.Fold(node, from, index, constant) is { } folded)
        {
            return folded.Map(from.Like);
        }

        if (ChannelConstants.Read(constant, from) is not { } numbers || (node.Operation == "Div" && isReversed))
        {
            return LayerBuilder.Refuse("must take one constant, or one a channel");
        }

        float[]? Each(Func<float, float> number) => [.. numbers.Select(number)];
        var (factors, offsets) = (node.Operation, isReversed) switch
        {
            ("Add" or "Sum", _) => (null, numbers),
            ("Sub", false) => (null, Each(x => -x)),
            ("Sub", true) => (Each(_ => -1), numbers),
            ("Mul", _) => (numbers, null),
            _ => (Each(x => 1 / x), (float[]?)null),
        };
        if (factors?.All(factor => factor == 1) == true || offsets?.All(offset => offset == 0) == true)
        {
            return from.Like(value);
        }

        return (factors is null && AsBias(node, value, index, offsets!) is { } biased ? biased : Scale(node, value, factors, offsets))
            .Map(from.Like);
    }

    /// <summary>Adds the offsets as the bias of the preceding layer; null if that layer cannot take a bias.</summary>
    private Outcome<Value>? AsBias(GraphNode node, LayerValue value, int index, float[] offsets)
    {
        LayerSpec? biased = builder.IsSingleUser(node, index) ? builder.Draft.Find(value.Layer) switch
        {
            DenseLayer { UseBias: false, Activation: ActivationKind.Linear } dense => dense with { UseBias = true },
            Conv2dLayer { UseBias: false, Activation: ActivationKind.Linear } conv => conv with { UseBias = true },
            _ => null,
        } : null;
        if (biased is null)
        {
            return null;
        }

        builder.Weights.Add($"{value.Layer}.bias", new([offsets.Length], offsets));
        return builder.Replace(value, biased);
    }

    /// <summary>
    /// A linear map per channel: for feature maps a depthwise 1×1 convolution, for vectors a batch normalization with fixed statistics.
    /// </summary>
    private Outcome<Value> Scale(GraphNode node, LayerValue value, float[]? factors, float[]? offsets)
    {
        var channels = value.Shape.Channels;
        factors ??= [.. Enumerable.Repeat(1f, channels)];
        offsets ??= new float[channels];
        var made = value.Shape.IsMap
            ? builder.Add(
                node,
                new Conv2dLayer { Filters = channels, Groups = channels, KernelSize = new(1, 1), Padding = Padding2.Valid },
                [value],
                value.Order,
                ("weight", new([channels, 1, 1, 1], factors)),
                ("bias", new([channels], offsets)))
            : builder.Add(
                node,
                new BatchNormalizationLayer { Epsilon = 1e-12 },
                [value],
                value.Order,
                ("weight", new([channels], factors)),
                ("bias", new([channels], offsets)),
                ("running_mean", new([channels], new float[channels])),
                ("running_var", new([channels], [.. Enumerable.Repeat(1f, channels)])));
        return made.Bind<Value>(result => ((LayerValue)result) with { Order = value.Order, Map = value.Map });
    }
}
