using CnnService.Core.Architecture;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Takes out a scaling of the image that a file begins with: images are brought to the size behind it at once, as they are scaled to the
/// network's input anyway.
/// </summary>
internal sealed class InputScaling
{
    private static readonly string[] Passed = ["Identity", "Cast", "Transpose"];

    private readonly GraphProto _graph;
    private readonly ILookup<string, NodeProto> _users;
    private readonly Dictionary<string, TensorProto> _tensors;

    private InputScaling(GraphProto graph)
    {
        _graph = graph;
        _users = graph.Node.SelectMany(node => node.Input.Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        _tensors = graph.Initializer.GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(node => node is { OpType: "Constant", Output.Count: 1 }))
        {
            if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is { } tensor)
            {
                _tensors[node.Output[0]] = tensor;
            }
        }
    }

    /// <summary>The input as it is behind the scaling; the same where the file begins with none.</summary>
    /// <param name="graph">The scaling is taken out.</param>
    /// <param name="input">The image input.</param>
    /// <param name="notes">Receives what was done, or that the image's size had to be assumed.</param>
    public static GraphInput Fold(GraphProto graph, GraphInput input, ICollection<string> notes)
    {
        var scaled = new InputScaling(graph).Fold(input);
        if (scaled is not null && !input.IsSizeAssumed && scaled.Image != input.Image)
        {
            notes.Add(
                $"The file scales its images of {input.Image.Height}x{input.Image.Width} to {scaled.Image.Height}x"
                + $"{scaled.Image.Width}: here they are brought to that size at once.");
        }
        else if (scaled is null && input.IsSizeAssumed)
        {
            notes.Add(
                $"The file leaves the image's size open: {input.Image.Height}x{input.Image.Width} is taken. To choose another, write it "
                + $"into the file's input.");
        }

        return scaled ?? input;
    }

    private GraphInput? Fold(GraphInput input)
    {
        var (value, axes) = (input.Name, input.IsChannelsLast ? [0, 3, 1, 2] : new[] { 0, 1, 2, 3 });
        while (_users[value].ToArray() is [{ Output.Count: >= 1 } node] && _graph.Output.All(output => output.Name != value))
        {
            if (node.OpType is "Resize" or "Upsample")
            {
                return node.Input[0] == value && Size(node, input, axes) is { } size ? Remove(node, input, size) : null;
            }

            if (!Passed.Contains(node.OpType))
            {
                return null;
            }

            axes = Permuted(node, axes);
            value = node.Output[0];
        }

        return null;
    }

    /// <summary>Where batch, channels, height and width are behind the node.</summary>
    private static int[] Permuted(NodeProto node, int[] axes) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == "perm")?.Ints is { Count: 4 } order
            ? [.. axes.Select(axis => order.IndexOf(axis))]
            : axes;

    /// <summary>The size that a Resize gives; null where it is not constant, or more than height and width are scaled.</summary>
    private (int Height, int Width)? Size(NodeProto node, GraphInput input, int[] axes)
    {
        if (axes.Order().SequenceEqual([0, 1, 2, 3]) && Numbers(node, 3) is { Length: 4 } sizes)
        {
            return sizes[axes[1]] == input.Image.Channels && sizes[axes[0]] == input.Batch ? Checked(sizes[axes[2]], sizes[axes[3]]) : null;
        }

        return axes.Order().SequenceEqual([0, 1, 2, 3]) && !input.IsSizeAssumed
            && (Numbers(node, 2) ?? (node.Input.Count == 2 ? Numbers(node, 1) : null)) is { Length: 4 } scales
            && scales[axes[0]] == 1 && scales[axes[1]] == 1
                ? Checked(Math.Floor(scales[axes[2]] * input.Image.Height), Math.Floor(scales[axes[3]] * input.Image.Width))
                : null;
    }

    private static (int Height, int Width)? Checked(double height, double width) =>
        height is >= 1 and <= NetworkLimits.InputSide && width is >= 1 and <= NetworkLimits.InputSide ? ((int)height, (int)width) : null;

    private double[]? Numbers(NodeProto node, int input) =>
        node.Input.Count > input && _tensors.TryGetValue(node.Input[input], out var tensor)
        && TensorReading.ReadSmall(tensor, maxElements: 4) is { Count: > 0 } value
            ? Array.ConvertAll(value.AsFloats(), number => (double)number)
            : null;

    private GraphInput Remove(NodeProto resize, GraphInput input, (int Height, int Width) size)
    {
        var (from, to) = (resize.Output[0], resize.Input[0]);
        _graph.Node.Remove(resize);
        foreach (var names in _graph.Node.Select(node => node.Input))
        {
            for (var i = 0; i < names.Count; i++)
            {
                names[i] = names[i] == from ? to : names[i];
            }
        }

        return input with { Image = input.Image with { Height = size.Height, Width = size.Width }, IsSizeAssumed = false };
    }
}
