using CnnService.Core.Common;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Rejects graphs with which a crafted image could harm the serving process, undetected by a trial run with one image: tensors whose size
/// is computed from pixel values, and so could take any amount of memory, and integer division by a divisor that may be below 1
/// (OnnxRuntime checks only for 0, and dividing the smallest integer by -1 raises a hardware exception that ends the process). One pass
/// over the nodes in topological order; unknown types are treated as unsafe.
/// </summary>
internal sealed class InputDependence
{
    private const int AllFurther = int.MaxValue;

    /// <summary>
    /// By operator, the indices of the inputs that determine sizes; a list that ends in <see cref="AllFurther"/> includes all
    /// further inputs.
    /// </summary>
    private static readonly Dictionary<string, int[]> SizeInputs = new(StringComparer.Ordinal)
    {
        ["AffineGrid"] = [1],
        ["BlackmanWindow"] = [0],
        ["CenterCropPad"] = [1],
        ["Col2Im"] = [1, AllFurther],
        ["ConstantOfShape"] = [0],
        ["DFT"] = [1, AllFurther],
        ["Expand"] = [1],
        ["HammingWindow"] = [0],
        ["HannWindow"] = [0],
        ["MaxUnpool"] = [2],
        ["MelWeightMatrix"] = [0, AllFurther],
        ["OneHot"] = [1],
        ["Pad"] = [1, 3],
        ["Range"] = [0, AllFurther],
        ["Reshape"] = [1],
        ["Resize"] = [1, AllFurther],
        ["Slice"] = [1, AllFurther],
        ["Split"] = [1],
        ["STFT"] = [1, 3],
        ["Tile"] = [1],
        ["TopK"] = [1],
        ["Unsqueeze"] = [1],
        ["Upsample"] = [1],
    };

    private static readonly HashSet<string> SizedByContent = new(["Compress", "NonMaxSuppression", "NonZero", "Unique"],
        StringComparer.Ordinal);
    private static readonly HashSet<string> IntegerOperators = new(
        ["ArgMax", "ArgMin", "ConvInteger", "DynamicQuantizeLinear", "MatMulInteger", "Multinomial", "NonZero", "QuantizeLinear", "Shape",
            "Size"], StringComparer.Ordinal);
    private static readonly HashSet<string> FloatOperators = new(["DequantizeLinear", "EyeLike", "RandomNormalLike", "RandomUniformLike"],
        StringComparer.Ordinal);
    private static readonly HashSet<string> SameTypeOutputs = new(["GRU", "LSTM", "RNN", "Split"], StringComparer.Ordinal);
    private static readonly HashSet<string> CopyOperators = new(
        ["Expand", "Flatten", "Gather", "Identity", "Reshape", "Slice", "Squeeze", "Tile", "Transpose", "Unsqueeze"],
        StringComparer.Ordinal);
    private static readonly HashSet<int> Floats = [0, OnnxTypes.Float, OnnxTypes.Float16, OnnxTypes.Double, OnnxTypes.BFloat16];

    private readonly HashSet<string> _fromImage;
    private readonly HashSet<string> _integers;
    private readonly HashSet<string> _atLeastOne;
    private bool _dividesSizes;

    private InputDependence(GraphProto graph)
    {
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        _fromImage = graph.Input.Select(input => input.Name).Where(name => !constants.Contains(name)).ToHashSet(StringComparer.Ordinal);
        _integers = graph.Input.Where(input => !Floats.Contains(input.Type?.TensorType?.ElemType ?? 0)).Select(input => input.Name)
            .Concat(graph.Initializer.Where(tensor => !Floats.Contains(tensor.DataType)).Select(tensor => tensor.Name))
            .ToHashSet(StringComparer.Ordinal);
        _atLeastOne = graph.Initializer.Where(IsAtLeastOne).Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The problem of the first node that is unsafe to serve; null if there is none. Problem: <c>onnx.unsupported</c>.</summary>
    /// <param name="graph">Must be in topological order.</param>
    public static Problem? Find(GraphProto graph)
    {
        var values = new InputDependence(graph);
        return graph.Node.Select(values.Visit).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>Whether sizes are divided by sizes: then a trial with one image need not hold for a batch of several.</summary>
    /// <param name="graph">A graph for which <see cref="Find"/> returned null.</param>
    public static bool DividesSizes(GraphProto graph)
    {
        var values = new InputDependence(graph);
        return graph.Node.All(node => values.Visit(node) is null) && values._dividesSizes;
    }

    private Problem? Visit(NodeProto node)
    {
        if (DeterminesSize(node))
        {
            return Refuse(node, "makes a tensor whose size depends on what is in the image; sizes must be known from the image's own size");
        }

        if (node.OpType is "Div" or "Mod" && (IsInteger(node, 0) || IsInteger(node, 1))
            && !_atLeastOne.Contains(node.Input.ElementAtOrDefault(1) ?? ""))
        {
            if (node.Input.Any(_fromImage.Contains))
            {
                return Refuse(node,
                    "divides whole numbers of the image by something else than a constant of 1 or more, which can end the process; "
                    + "divide floats, or by a constant");
            }

            _dividesSizes = true;
        }

        Record(node);
        return null;
    }

    private bool DeterminesSize(NodeProto node) => SizedByContent.Contains(node.OpType)
        ? node.Input.Any(_fromImage.Contains)
        : SizeInputs.TryGetValue(node.OpType, out var sizes)
            && node.Input.Where((_, i) => sizes.Contains(i) || (sizes[^1] == AllFurther && i >= sizes[0])).Any(_fromImage.Contains);

    private void Record(NodeProto node)
    {
        var outputs = node.Output.Where(output => output.Length > 0).ToArray();
        if (node.OpType is not ("Shape" or "Size") && node.Input.Any(_fromImage.Contains))
        {
            _fromImage.UnionWith(outputs);
        }

        if (ProducesIntegers(node))
        {
            _integers.UnionWith(outputs);
        }
        else if (!SameTypeOutputs.Contains(node.OpType))
        {
            _integers.UnionWith(node.Output.Skip(1).Where(output => output.Length > 0)); // Usually indices.
        }

        if (node.OpType == "Constant" ? LiteralIsAtLeastOne(node) : StaysAtLeastOne(node))
        {
            _atLeastOne.UnionWith(outputs);
        }
    }

    private bool ProducesIntegers(NodeProto node) => node.OpType switch
    {
        "Cast" => !Floats.Contains((int)(Attribute(node, "to")?.I ?? 0)),
        "CastLike" => IsInteger(node, 1),
        "Constant" => Attribute(node, "value")?.T is { } literal
            ? !Floats.Contains(literal.DataType)
            : node.Attribute.Any(attribute => attribute.Name is "value_int" or "value_ints"),
        "ConstantOfShape" => Attribute(node, "value")?.T is { } fill && !Floats.Contains(fill.DataType),
        "OneHot" => IsInteger(node, 2),
        "Where" => IsInteger(node, 1),
        "EyeLike" or "RandomNormalLike" or "RandomUniformLike" when Attribute(node, "dtype") is { } type => !Floats.Contains((int)type.I),
        _ => IntegerOperators.Contains(node.OpType) || (!FloatOperators.Contains(node.OpType) && IsInteger(node, 0)),
    };

    private bool IsInteger(NodeProto node, int input) => _integers.Contains(node.Input.ElementAtOrDefault(input) ?? "");

    /// <summary>Whether all outputs are at least 1 because the node only copies values of such constants.</summary>
    private bool StaysAtLeastOne(NodeProto node) => node.OpType switch
    {
        "Cast" => Attribute(node, "to")?.I is OnnxTypes.Int32 or OnnxTypes.Int64 && node.Input.All(_atLeastOne.Contains),
        "Concat" => node.Input.All(_atLeastOne.Contains),
        _ => CopyOperators.Contains(node.OpType) && node.Input.Take(1).All(_atLeastOne.Contains),
    };

    private static bool LiteralIsAtLeastOne(NodeProto node) => Attribute(node, "value")?.T is { } tensor
        ? IsAtLeastOne(tensor)
        : node.Attribute.FirstOrDefault() is { Name: "value_int" or "value_ints" } numbers
            && (numbers.Ints.Count > 0 ? numbers.Ints : [numbers.I]).All(IsPositiveInt32);

    private static bool IsAtLeastOne(TensorProto tensor) =>
        !Floats.Contains(tensor.DataType) && TensorReading.Read(tensor) is { Succeeded: true } read
        && read.Value.Integers?.All(IsPositiveInt32) == true;

    /// <summary>At least 1, and stays so when cast to 32 bits.</summary>
    private static bool IsPositiveInt32(long value) => value is >= 1 and <= int.MaxValue;

    private static AttributeProto? Attribute(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    private static Problem Refuse(NodeProto node, string what) =>
        Problem.Unprocessable("onnx.unsupported",
            $"The node '{UntrustedName.Sanitize(OnnxFile.NameOf(node))}' ({UntrustedName.Sanitize(node.OpType)}) {what}.");
}
