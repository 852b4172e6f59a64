using CnnService.Core.Common;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Import;

/// <summary>Reads an untrusted ONNX file and validates its structure before it is translated.</summary>
internal static class OnnxFile
{
    private const long MaxBytes = 1L << 30;
    private const int MaxNodes = 20_000;
    private const int MaxInitializers = 10_000;
    private const int MaxDepth = 32;

    private static readonly string[] Domains = ["", "ai.onnx"];

    /// <summary>
    /// The model: functions inlined, other files taken in, computing in float32 and not in training mode, nodes in topological order.
    /// Problems: <c>onnx.unreadable</c>, <c>onnx.external-data</c>, <c>onnx.unsupported</c>, <c>onnx.too-large</c>.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="companions">Paths of the files with its external data, by name.</param>
    /// <param name="notes">Receives what was changed.</param>
    public static Outcome<ModelProto> Read(string path, IReadOnlyDictionary<string, string> companions, ICollection<string> notes)
    {
        using var stream = RegularFile.OpenRead(path);
        if (stream.Length > MaxBytes)
        {
            return TooLarge($"The file has {stream.Length} bytes, at most {MaxBytes} are taken.");
        }

        try
        {
            using var coded = CodedInputStream.CreateWithLimits(stream, (int)MaxBytes, MaxDepth);
            var model = ModelProto.Parser.ParseFrom(coded);
            return (CheckSize(model) ?? ExternalData.Load(model, companions, MaxBytes - stream.Length, notes)
                ?? FunctionInlining.Inline(model, MaxNodes) ?? Check(model, notes)) is { } problem ? problem : model;
        }
        catch (InvalidProtocolBufferException failure)
        {
            return Unreadable($"The file is no ONNX network: {failure.Message}");
        }
    }

    private static Problem? CheckSize(ModelProto model)
    {
        if (model.Graph is not { Node.Count: > 0, Output.Count: > 0 } graph)
        {
            return Unreadable("The file is no ONNX network: it holds no graph with nodes and an output.");
        }

        var nodes = graph.Node.Count + model.Functions.Sum(function => (long)function.Node.Count);
        return nodes > MaxNodes || graph.Initializer.Count > MaxInitializers
            ? TooLarge(
                $"The file has {nodes} nodes and {graph.Initializer.Count} tensors, at most "
                + $"{MaxNodes} and {MaxInitializers} are taken.")
            : null;
    }

    private static Problem? Check(ModelProto model, ICollection<string> notes)
    {
        var graph = model.Graph;
        if ((CheckOperators(model) ?? CheckTensors(graph)) is { } unsound)
        {
            return unsound;
        }

        NodeOrder.Sort(graph);
        return CheckOrder(graph) ?? TrainingModes.Remove(graph, OperatorSetOf(model), notes) ?? HalfPrecision.Widen(graph, notes)
            ?? InputDependence.Find(graph);
    }

    /// <summary>The version of the standard's operators that the file uses; 0 if it names none.</summary>
    public static long OperatorSetOf(ModelProto model) => model.OpsetImport.LastOrDefault(opset => IsStandard(opset.Domain))?.Version ?? 0;

    public static bool IsStandard(string domain) => Domains.Contains(domain);

    private static Problem? CheckOperators(ModelProto model)
    {
        var set = OperatorSetOf(model);
        if (set is < OnnxTypes.OldestOperatorSet or > OnnxTypes.NewestOperatorSet)
        {
            return Unsupported(
                $"The file uses operator set {set}; {OnnxTypes.OldestOperatorSet} to "
                + $"{OnnxTypes.NewestOperatorSet} are read. onnx.version_converter changes it.");
        }

        if (model.Graph.Node.FirstOrDefault(node => !IsStandard(node.Domain)) is { } foreign)
        {
            return Unsupported(
                $"The node '{UntrustedName.Sanitize(NameOf(foreign))}' uses the operator "
                + $"{UntrustedName.Sanitize(foreign.OpType)} of the domain '{UntrustedName.Sanitize(foreign.Domain)}'; only the "
                + $"standard's own operators are taken.");
        }

        return model.Graph.Node.FirstOrDefault(
            node => node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0)) is { } nested
            ? Unsupported(
                $"The node '{UntrustedName.Sanitize(NameOf(nested))}' ({UntrustedName.Sanitize(nested.OpType)}) holds a graph of its "
                + $"own; branches and loops are not taken.")
            : null;
    }

    private static Problem? CheckTensors(GraphProto graph)
    {
        if (graph.SparseInitializer.Count > 0
            || graph.Node.Any(
                node => node.Attribute.Any(attribute => attribute.SparseTensor is not null || attribute.SparseTensors.Count > 0)))
        {
            return Unsupported("The file holds sparse tensors; save it with dense ones.");
        }

        var attributes = graph.Node.SelectMany(node => node.Attribute)
            .SelectMany(attribute => attribute.T is null ? attribute.Tensors : attribute.Tensors.Append(attribute.T));
        return graph.Initializer.Concat(attributes).Select(TensorReading.Check).FirstOrDefault(size => !size.Succeeded)?.Problem;
    }

    /// <summary>Every value must be produced exactly once and before its use, which also excludes cycles.</summary>
    private static Problem? CheckOrder(GraphProto graph)
    {
        var known = graph.Input.Select(input => input.Name).Concat(graph.Initializer.Select(tensor => tensor.Name)).Append(string.Empty)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.Node)
        {
            if (node.Input.FirstOrDefault(input => !known.Contains(input)) is { } missing)
            {
                return Unreadable(
                    $"The node '{UntrustedName.Sanitize(NameOf(node))}' takes '{UntrustedName.Sanitize(missing)}', which nothing "
                    + $"gives, or only a circle.");
            }

            if (node.Output.FirstOrDefault(output => output.Length > 0 && !known.Add(output)) is { } again)
            {
                return Unreadable($"The value '{UntrustedName.Sanitize(again)}' is given twice.");
            }
        }

        return graph.Output.FirstOrDefault(output => !known.Contains(output.Name)) is { } lost
            ? Unreadable($"The output '{UntrustedName.Sanitize(lost.Name)}' is given by no node.")
            : null;
    }

    public static string NameOf(NodeProto node) =>
        node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? node.OpType;

    public static Problem Unreadable(string detail) => Problem.Unprocessable("onnx.unreadable", detail);

    public static Problem Unsupported(string detail) => Problem.Unprocessable("onnx.unsupported", detail);

    private static Problem TooLarge(string detail) => Problem.Unprocessable("onnx.too-large", detail);
}
