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
    /// The model, nodes in topological order. Problems: <c>onnx.unreadable</c>, <c>onnx.external-data</c>, <c>onnx.unsupported</c>,
    /// <c>onnx.too-large</c>.
    /// </summary>
    public static Outcome<ModelProto> Read(string path)
    {
        using var stream = RegularFile.OpenRead(path);
        if (stream.Length > MaxBytes)
        {
            return TooLarge($"The file has {stream.Length} bytes, at most {MaxBytes} are taken.");
        }

        try
        {
            using var coded = CodedInputStream.CreateWithLimits(stream, (int)MaxBytes, MaxDepth);
            return Check(ModelProto.Parser.ParseFrom(coded));
        }
        catch (InvalidProtocolBufferException failure)
        {
            return Unreadable($"The file is no ONNX network: {failure.Message}");
        }
    }

    private static Outcome<ModelProto> Check(ModelProto model)
    {
        if (model.Graph is not { Node.Count: > 0, Output.Count: > 0 } graph)
        {
            return Unreadable("The file is no ONNX network: it holds no graph with nodes and an output.");
        }

        if (graph.Node.Count > MaxNodes || graph.Initializer.Count > MaxInitializers)
        {
            return TooLarge(
                $"The graph has {graph.Node.Count} nodes and {graph.Initializer.Count} tensors, at most "
                + $"{MaxNodes} and {MaxInitializers} are taken.");
        }

        return CheckOperators(model) ?? CheckTensors(graph) ?? CheckOrder(graph) ?? InputDependence.Find(graph)
            ?? (Outcome<ModelProto>)model;
    }

    private static Problem? CheckOperators(ModelProto model)
    {
        if (model.Functions.Count > 0)
        {
            return Unsupported("The file defines functions of its own; save it with them inlined.");
        }

        var set = model.OpsetImport.LastOrDefault(opset => Domains.Contains(opset.Domain))?.Version ?? 0;
        if (set is < OnnxTypes.OldestOperatorSet or > OnnxTypes.NewestOperatorSet)
        {
            return Unsupported(
                $"The file uses operator set {set}; {OnnxTypes.OldestOperatorSet} to "
                + $"{OnnxTypes.NewestOperatorSet} are read. onnx.version_converter changes it.");
        }

        if (model.Graph.Node.FirstOrDefault(node => !Domains.Contains(node.Domain)) is { } foreign)
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
                    $"The node '{UntrustedName.Sanitize(NameOf(node))}' takes '{UntrustedName.Sanitize(missing)}', which nothing before "
                    + $"it gives.");
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

    private static Problem Unreadable(string detail) => Problem.Unprocessable("onnx.unreadable", detail);

    private static Problem Unsupported(string detail) => Problem.Unprocessable("onnx.unsupported", detail);

    private static Problem TooLarge(string detail) => Problem.Unprocessable("onnx.too-large", detail);
}
