using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>Imports operators that choose, part or reorder channels.</summary>
internal sealed class ChannelOperators(LayerBuilder builder)
{
    /// <summary>Channels by their numbers, in any order; one alone, given as a scalar, without its dimension.</summary>
    public Outcome<Value> Gather(GraphNode node)
    {
        if (ByChannel(node) is not { } value || value.Axis(node.Integer("axis", 0)) != value.ChannelAxis
            || node.Constant(1) is not { Integers: { } wanted, Dims: { Count: < 2 } dims })
        {
            return LayerBuilder.Refuse("must choose channels of a layer, by numbers that are known");
        }

        var channels = value.Shape.Channels;
        return wanted.Any(channel => channel < -channels || channel >= channels)
            ? LayerBuilder.Refuse($"must choose among {channels} channels")
            : Select(node, value, [.. wanted.Select(channel => (int)(channel < 0 ? channel + channels : channel))]).Map(made =>
                dims.Count == 1 || made is not LayerValue one ? made
                : new ViewValue(one, [.. one.Dims.Where((_, axis) => axis != value.ChannelAxis)]));
    }

    /// <summary>Channels from one to another, also backwards; all other dimensions whole.</summary>
    public Outcome<Value> Slice(GraphNode node)
    {
        var (starts, ends) = (node.Integers("starts", 1), node.Integers("ends", 2));
        if (ByChannel(node) is not { } value || starts is null || ends?.Count != starts.Count)
        {
            return LayerBuilder.Refuse("must cut the channels of a layer, at places that are known");
        }

        var axes = node.Integers("axes", 3) ?? [.. Enumerable.Range(0, starts.Count).Select(axis => (long)axis)];
        var steps = node.Integers("steps", 4) ?? [.. Enumerable.Repeat(1L, starts.Count)];
        int[] channels = [.. Enumerable.Range(0, value.Shape.Channels)];
        for (var i = 0; i < starts.Count; i++)
        {
            var axis = i < axes.Count ? value.Axis(axes[i]) : -1;
            if (axis < 0 || axis >= value.Dims.Length || i >= steps.Count || steps[i] == 0)
            {
                return LayerBuilder.Refuse("must cut the channels of a layer, at places that are known");
            }

            int[] places = [.. Places(starts[i], ends[i], steps[i], (int)value.Dims[axis])];
            if (axis == value.ChannelAxis)
            {
                channels = places;
            }
            else if (!places.SequenceEqual(Enumerable.Range(0, (int)value.Dims[axis])))
            {
                return LayerBuilder.Refuse("must cut the channels of a layer, and neither height nor width");
            }
        }

        return Select(node, value, channels);
    }

    /// <summary>The channels in parts, one after the other.</summary>
    public Outcome<Value> Split(GraphNode node)
    {
        var parts = node.Node.Output.Count;
        if (ByChannel(node) is not { } value || value.Axis(node.Integer("axis", 0)) != value.ChannelAxis || parts < 1)
        {
            return LayerBuilder.Refuse("must part the channels of a layer");
        }

        var channels = value.Shape.Channels;
        var each = (channels + parts - 1) / parts;
        var sizes = node.Integers("split", 1) ?? [.. Enumerable.Range(0, parts).Select(i => (long)Math.Min(each, channels - (i * each)))];
        if (sizes.Count != parts || sizes.Any(size => size < 1 || size > channels) || sizes.Sum() != channels)
        {
            return LayerBuilder.Refuse($"must part {channels} channels into {parts} parts of known sizes");
        }

        var (made, start) = (new List<Outcome<Value>>(), 0);
        foreach (var size in sizes)
        {
            made.Add(Select(node, value, [.. Enumerable.Range(start, (int)size)]));
            start += (int)size;
        }

        return Outcome.All(made).Map<Value>(values => new SeveralValues(values));
    }

    /// <summary>
    /// The channels of several groups in turn, as ShuffleNet has it: a map in dimensions <c>[N,groups,C/groups,…]</c> with these two
    /// exchanged; null for any other transpose.
    /// </summary>
    public Outcome<Value>? Shuffle(GraphNode node)
    {
        if (node.First is not ViewValue { Of: { Order: ValueOrder.ChannelsFirst, Shape.IsMap: true } of, Dims: [var batch, _, _, ..] dims }
            || dims[1] * dims[2] != of.Shape.Channels || batch != of.Batch
            || node.Integers("perm")?.SequenceEqual([0, 2, 1, .. Enumerable.Range(3, dims.Length - 3).Select(axis => (long)axis)]) != true)
        {
            return null;
        }

        var (groups, each) = ((int)dims[1], (int)dims[2]);
        int[] channels = [.. Enumerable.Range(0, groups * each).Select(i => (i % groups * each) + (i / groups))];
        return Select(node, of, channels).Map<Value>(made => new ViewValue((LayerValue)made, [batch, each, groups, .. dims[3..]]));
    }

    private Outcome<Value> Select(GraphNode node, LayerValue value, int[] channels) =>
        channels.SequenceEqual(Enumerable.Range(0, value.Shape.Channels)) ? value
            : channels.Length is < 1 or > NetworkLimits.Filters
            ? LayerBuilder.Refuse($"must choose 1 to {NetworkLimits.Filters} channels")
            : builder.Add(node, new SelectChannelsLayer { Channels = channels }, [value], value.Order);

    /// <summary>The first input where its channels have an axis of their own.</summary>
    private static LayerValue? ByChannel(GraphNode node) =>
        node.Layer(0) is { Order: not ValueOrder.FlatChannelsLast } value ? value : null;

    /// <summary>The indices that a slice takes of a dimension.</summary>
    private static IEnumerable<int> Places(long start, long end, long step, int size)
    {
        var (low, high) = step > 0 ? (0, size) : (-1, size - 1);
        step = Math.Clamp(step, -size - 1, size + 1); // Beyond that it is one step out of the dimension.
        var to = Math.Clamp(end < 0 ? end + size : end, low, high);
        for (var place = Math.Clamp(start < 0 ? start + size : start, low, high); step > 0 ? place < to : place > to; place += step)
        {
            yield return (int)place;
        }
    }
}
