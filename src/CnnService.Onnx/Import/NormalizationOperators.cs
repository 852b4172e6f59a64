using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>Imports normalizations by an image's own mean and variance.</summary>
internal sealed class NormalizationOperators(LayerBuilder builder)
{
    private const string Rule = "must normalize the channels at each place, groups of channels, or the whole map, with constant parameters";

    /// <summary>Over the dimensions from an axis on.</summary>
    public Outcome<Value> Layer(GraphNode node)
    {
        if (ViewValue.From(node) is not { } from || node.HasFurtherOutputs)
        {
            return LayerBuilder.Refuse(Rule);
        }

        var axis = node.Integer("axis", -1);
        var first = (int)Math.Clamp(axis < 0 ? axis + from.Dims.Length : axis, 0, from.Dims.Length);
        return Over(node, from, [.. Enumerable.Range(first, from.Dims.Length - first)]);
    }

    /// <summary>A normalization written in parts, over the dimensions that its means were taken over.</summary>
    public Outcome<Value> Standardize(GraphNode node) => ViewValue.From(node) is { } from && node.Integers("axes") is { } axes
        ? Over(node, from, [.. axes.Select(axis => (int)(axis < 0 ? axis + from.Dims.Length : axis)).Order()])
        : LayerBuilder.Refuse(Rule);

    /// <summary>Each index of the second dimension by itself: a channel, or a group of channels.</summary>
    public Outcome<Value> Instance(GraphNode node) => ViewValue.From(node) is { Dims: [var batch, var groups, _, ..] } from
        && batch == from.Of.Batch
            ? Groups(node, from, groups)
            : LayerBuilder.Refuse(Rule);

    /// <summary>Groups of channels, with parameters one a channel or, in operator set 18, one a group.</summary>
    public Outcome<Value> Group(GraphNode node) => node.Layer(0) is { } value
        ? Groups(node, new(value, value.Dims), node.Integer("num_groups", 0))
        : LayerBuilder.Refuse(Rule);

    private Outcome<Value> Groups(GraphNode node, ViewValue from, long groups)
    {
        var (value, channels) = (from.Of, from.Of.Shape.Channels);
        if (value.Order != ValueOrder.ChannelsFirst || groups < 1 || channels % groups != 0
            || Numbers(node, 1) is not { } factors || Numbers(node, 2) is not { } offsets
            || (factors.Length != groups && factors.Length != channels) || factors.Length != offsets.Length)
        {
            return LayerBuilder.Refuse(Rule);
        }

        float[] Each(float[] numbers) => [.. Enumerable.Range(0, channels).Select(i => numbers[i / (channels / numbers.Length)])];
        return Add(node, from, new() { Groups = (int)groups }, [channels], Each(factors), Each(offsets));
    }

    private Outcome<Value> Over(GraphNode node, ViewValue from, int[] axes)
    {
        var value = from.Of;
        if ((node.Has(1) && Numbers(node, 1) is null) || (node.Has(2) && Numbers(node, 2) is null))
        {
            return LayerBuilder.Refuse(Rule);
        }

        var (factors, offsets) = (node.Constant(1), node.Constant(2));
        if (axes is [var only] && only == from.ChannelAxis)
        {
            return Each(factors, 1, value.Shape.Channels) is { } scale && Each(offsets, 0, value.Shape.Channels) is { } shift
                ? Add(node, from, new(), [value.Shape.Channels], scale, shift)
                : LayerBuilder.Refuse(Rule);
        }

        return axes.SequenceEqual(Enumerable.Range(1, from.Dims.Length - 1)) && from.ChannelAxis is not null && from.Dims[0] == value.Batch
            ? Whole(node, from, factors, offsets)
            : LayerBuilder.Refuse(Rule);
    }

    /// <summary>The whole map, with parameters one a value, or one a channel where they are the same at each place.</summary>
    private Outcome<Value> Whole(GraphNode node, ViewValue from, ConstantTensor? factors, ConstantTensor? offsets)
    {
        var value = from.Of;
        var (channels, all) = (value.Shape.Channels, (int)value.Shape.Elements);
        if (!value.Shape.IsMap)
        {
            return Each(factors, 1, all) is { } ofVector && Each(offsets, 0, all) is { } besides
                ? Add(node, from, new(), [channels], ofVector, besides)
                : LayerBuilder.Refuse(Rule);
        }

        float[]? Planes(ConstantTensor? given, float usual) => given is null ? [.. Enumerable.Repeat(usual, all)]
            : given.Count == 1 ? [.. Enumerable.Repeat(given.AsFloats()[0], all)]
            : NormalizationScaling.Elements(given, value);
        if (Planes(factors, 1) is not { } scale || Planes(offsets, 0) is not { } shift)
        {
            return LayerBuilder.Refuse(Rule);
        }

        var area = all / channels;
        bool IsSameAtEachPlace(float[] planes) => planes.Index().All(cell => cell.Item == planes[cell.Index / area * area]);
        float[] OfChannels(float[] planes) => [.. Enumerable.Range(0, channels).Select(channel => planes[channel * area])];
        return IsSameAtEachPlace(scale) && IsSameAtEachPlace(shift)
            ? Add(node, from, new() { Groups = 1 }, [channels], OfChannels(scale), OfChannels(shift))
            : Add(node, from, new() { Groups = 1, Elementwise = true }, [channels, value.Shape.Height, value.Shape.Width], scale, shift);
    }

    private Outcome<Value> Add(
        GraphNode node, ViewValue from, LayerNormalizationLayer layer, int[] shape, float[] factors, float[] offsets) => builder.Add(
            node, layer with { Epsilon = WindowOperators.RoundToDecimal(node.Number("epsilon", 1e-5)) }, [from.Of], from.Of.Order,
            ("weight", new(shape, factors)), ("bias", new(shape, offsets))).Map(from.Like);

    private static float[]? Numbers(GraphNode node, int index) => node.Constant(index)?.Floats;

    /// <summary>So many numbers: those of a constant, its only one repeated, or the usual one; null where it has another count.</summary>
    private static float[]? Each(ConstantTensor? given, float usual, int count) => given switch
    {
        null => [.. Enumerable.Repeat(usual, count)],
        { Count: 1, Floats: [var one] } => [.. Enumerable.Repeat(one, count)],
        { Floats: { } numbers } when numbers.Length == count => numbers,
        _ => null,
    };
}
