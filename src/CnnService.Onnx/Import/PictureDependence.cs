using CnnService.Core.Common;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Rejects graphs with which a crafted image could harm the serving process, undetected by a trial run with one image: tensors whose size
/// is computed from pixel values, and so could take any amount of memory, and integer division by a divisor that may be below 1
/// (OnnxRuntime checks only for 0, and dividing the smallest integer by -1 raises a hardware exception that ends the process). One pass
/// over the nodes in topological order; unknown types are treated as unsafe.
/// </summary>
internal sealed class PictureDependence
{
    private const int Rest = int.MaxValue;

    /// <summary>
    /// By operator, the indices of the inputs that determine sizes; a list that ends in <see cref="Rest"/> includes all further inputs.
    /// </summary>
    private static readonly Dictionary<string, int[]> SizeInputs = new(StringComparer.Ordinal)
    {
        ["AffineGrid"] = [1],
        ["BlackmanWindow"] = [0],
        ["CenterCropPad"] = [1],
        ["Col2Im"] = [1, Rest],
        ["ConstantOfShape"] = [0],
        ["DFT"] = [1, Rest],
        ["Expand"] = [1],
        ["HammingWindow"] = [0],
        ["HannWindow"] = [0],
        ["MaxUnpool"] = [2],
        ["MelWeightMatrix"] = [0, Rest],
        ["OneHot"] = [1],
        ["Pad"] = [1, 3],
        ["Range"] = [0, Rest],
        ["Reshape"] = [1],
        ["Resize"] = [1, Rest],
        ["Slice"] = [1, Rest],
        ["Split"] = [1],
        ["STFT"] = [1, 3],
        ["Tile"] = [1],
        ["TopK"] = [1],
        ["Unsqueeze"] = [1],
        ["Upsample"] = [1],
    };

    private static readonly HashSet<string> SizedByContent = new(["Compress", "NonMaxSuppression", "NonZero", "Unique"], StringComparer.Ordinal);
    private static readonly HashSet<string> GivesWholeNumbers = new(["ArgMax", "ArgMin", "ConvInteger", "DynamicQuantizeLinear", "MatMulInteger", "Multinomial", "NonZero", "QuantizeLinear", "Shape", "Size"], StringComparer.Ordinal);
    private static readonly HashSet<string> GivesFloats = new(["DequantizeLinear", "EyeLike", "RandomNormalLike", "RandomUniformLike"], StringComparer.Ordinal);
    private static readonly HashSet<string> AlikeInAllOutputs = new(["GRU", "LSTM", "RNN", "Split"], StringComparer.Ordinal);
    private static readonly HashSet<string> KeepsValues = new(["Expand", "Flatten", "Gather", "Identity", "Reshape", "Slice", "Squeeze", "Tile", "Transpose", "Unsqueeze"], StringComparer.Ordinal);
    private static readonly HashSet<int> Floats = [0, OnnxTypes.Float, OnnxTypes.Float16, OnnxTypes.Double, OnnxTypes.BFloat16];

    private readonly HashSet<string> _fromPicture;
    private readonly HashSet<string> _whole;
    private readonly HashSet<string> _atLeastOne;
    private bool _dividesSizes;

    private PictureDependence(GraphProto graph)
    {
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        _fromPicture = graph.Input.Select(input => input.Name).Where(name => !constants.Contains(name)).ToHashSet(StringComparer.Ordinal);
        _whole = graph.Input.Where(input => !Floats.Contains(input.Type?.TensorType?.ElemType ?? 0)).Select(input => input.Name)
            .Concat(graph.Initializer.Where(tensor => !Floats.Contains(tensor.DataType)).Select(tensor => tensor.Name)).ToHashSet(StringComparer.Ordinal);
        _atLeastOne = graph.Initializer.Where(IsAtLeastOne).Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The problem of the first node that is unsafe to serve; null if there is none. Problem: <c>onnx.unsupported</c>.</summary>
    /// <param name="graph">Must be in topological order.</param>
    public static Problem? Find(GraphProto graph)
    {
        var values = new PictureDependence(graph);
        return graph.Node.Select(values.Take).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>Whether sizes are divided by sizes: then a trial with one image need not hold for a batch of several.</summary>
    /// <param name="graph">A graph for which <see cref="Find"/> returned null.</param>
    public static bool DividesSizes(GraphProto graph)
    {
        var values = new PictureDependence(graph);
        return graph.Node.All(node => values.Take(node) is null) && values._dividesSizes;
    }

    private Problem? Take(NodeProto node)
    {
        if (DecidesASize(node))
        {
            return Refuse(node, "makes a tensor whose size depends on what is in the picture; sizes must be known from the picture's own size");
        }

        if (node.OpType is "Div" or "Mod" && (IsWhole(node, 0) || IsWhole(node, 1)) && !_atLeastOne.Contains(node.Input.ElementAtOrDefault(1) ?? ""))
        {
            if (node.Input.Any(_fromPicture.Contains))
            {
                return Refuse(node, "divides whole numbers of the picture by something else than a constant of 1 or more, which can end the process; divide floats, or by a constant");
            }

            _dividesSizes = true;
        }

        Note(node);
        return null;
    }

    private bool DecidesASize(NodeProto node) => SizedByContent.Contains(node.OpType)
        ? node.Input.Any(_fromPicture.Contains)
        : SizeInputs.TryGetValue(node.OpType, out var sizes) && node.Input.Where((_, i) => sizes.Contains(i) || (sizes[^1] == Rest && i >= sizes[0])).Any(_fromPicture.Contains);

    private void Note(NodeProto node)
    {
        var outputs = node.Output.Where(output => output.Length > 0).ToArray();
        if (node.OpType is not ("Shape" or "Size") && node.Input.Any(_fromPicture.Contains))
        {
            _fromPicture.UnionWith(outputs);
        }

        if (GivesWhole(node))
        {
            _whole.UnionWith(outputs);
        }
        else if (!AlikeInAllOutputs.Contains(node.OpType))
        {
            _whole.UnionWith(node.Output.Skip(1).Where(output => output.Length > 0)); // Usually indices.
        }

        if (node.OpType == "Constant" ? LiteralIsAtLeastOne(node) : KeepsOneAndMore(node))
        {
            _atLeastOne.UnionWith(outputs);
        }
    }

    private bool GivesWhole(NodeProto node) => node.OpType switch
    {
        "Cast" => !Floats.Contains((int)(Attribute(node, "to")?.I ?? 0)),
        "CastLike" => IsWhole(node, 1),
        "Constant" => Attribute(node, "value")?.T is { } literal ? !Floats.Contains(literal.DataType) : node.Attribute.Any(attribute => attribute.Name is "value_int" or "value_ints"),
        "ConstantOfShape" => Attribute(node, "value")?.T is { } fill && !Floats.Contains(fill.DataType),
        "OneHot" => IsWhole(node, 2),
        "Where" => IsWhole(node, 1),
        "EyeLike" or "RandomNormalLike" or "RandomUniformLike" when Attribute(node, "dtype") is { } type => !Floats.Contains((int)type.I),
        _ => GivesWholeNumbers.Contains(node.OpType) || (!GivesFloats.Contains(node.OpType) && IsWhole(node, 0)),
    };

    private bool IsWhole(NodeProto node, int input) => _whole.Contains(node.Input.ElementAtOrDefault(input) ?? "");

    /// <summary>Whether all outputs are at least 1 because the node only copies values of such constants.</summary>
    private bool KeepsOneAndMore(NodeProto node) => node.OpType switch
    {
        "Cast" => Attribute(node, "to")?.I is OnnxTypes.Int32 or OnnxTypes.Int64 && node.Input.All(_atLeastOne.Contains),
        "Concat" => node.Input.All(_atLeastOne.Contains),
        _ => KeepsValues.Contains(node.OpType) && node.Input.Take(1).All(_atLeastOne.Contains),
    };

    private static bool LiteralIsAtLeastOne(NodeProto node) => Attribute(node, "value")?.T is { } tensor
        ? IsAtLeastOne(tensor)
        : node.Attribute.FirstOrDefault() is { Name: "value_int" or "value_ints" } numbers && (numbers.Ints.Count > 0 ? numbers.Ints : [numbers.I]).All(IsSafe);

    private static bool IsAtLeastOne(TensorProto tensor) =>
        !Floats.Contains(tensor.DataType) && TensorReading.Read(tensor) is { Succeeded: true } read && read.Value.Integers?.All(IsSafe) == true;

    /// <summary>At least 1, and stays so when cast to 32 bits.</summary>
    private static bool IsSafe(long value) => value is >= 1 and <= int.MaxValue;

    private static AttributeProto? Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    private static Problem Refuse(NodeProto node, string what) =>
        Problem.Unprocessable("onnx.unsupported", $"The node '{ForeignName.Shorten(OnnxFile.NameOf(node))}' ({ForeignName.Shorten(node.OpType)}) {what}.");
}
