using System.Runtime.InteropServices;
using CnnService.Core.Common;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Import;

/// <summary>
/// Turns a network that computes in float16 or bfloat16 into one that computes in float32 with the same weights: on a processor it is
/// faster so, and the layers made of it compute in float32 too. Files that only store their weights in 16 bits and widen them before use
/// stay as they are.
/// </summary>
internal static class HalfPrecision
{
    /// <summary>Bytes of the widened tensors of a file, in all.</summary>
    private const long MaxBytes = 1L << 30;

    /// <summary>Problems: <c>onnx.too-large</c>, and those of <see cref="TensorReading.Read"/>.</summary>
    /// <param name="graph">Modified.</param>
    /// <param name="notes">Receives a note if something was widened.</param>
    public static Problem? Widen(GraphProto graph, ICollection<string> notes)
    {
        var casts = graph.Node.SelectMany(node => node.Attribute.Where(attribute => IsTarget(node, attribute))).ToArray();
        var values = graph.Input.Concat(graph.Output).Select(value => value.Type?.TensorType).OfType<TypeProto.Types.Tensor>()
            .Where(type => IsHalf(type.ElemType)).ToArray();
        if (casts.Length == 0 && values.Length == 0 && !ComputesWithHalves(graph))
        {
            return null;
        }

        TensorProto[] tensors = [.. graph.Initializer.Concat(graph.Node.SelectMany(node => node.Attribute)
            .SelectMany(attribute => attribute.T is null ? attribute.Tensors : attribute.Tensors.Append(attribute.T)))
            .Where(tensor => IsHalf(tensor.DataType))];
        if (tensors.Sum(tensor => Math.Max(tensor.RawData.Length / 2, tensor.Int32Data.Count) * (long)sizeof(float)) > MaxBytes)
        {
            return Problem.Unprocessable("onnx.too-large",
                $"The file's 16-bit weights take more than {MaxBytes >> 20} MiB when they are widened to float32.");
        }

        notes.Add("The file computes in 16 bits; here it is computed in float32, with the same weights.");
        Array.ForEach(casts, attribute => attribute.I = OnnxTypes.Float);
        Array.ForEach(values, type => type.ElemType = OnnxTypes.Float);
        graph.ValueInfo.Clear();
        return tensors.Select(Widen).FirstOrDefault(problem => problem is not null);
    }

    private static bool ComputesWithHalves(GraphProto graph)
    {
        var halves = graph.Initializer.Where(tensor => IsHalf(tensor.DataType)).Select(tensor => tensor.Name)
            .ToHashSet(StringComparer.Ordinal);
        return halves.Count > 0 && graph.Node.Any(node => node.OpType != "Cast" && node.Input.Any(halves.Contains));
    }

    private static bool IsTarget(NodeProto node, AttributeProto attribute) => attribute.HasI && IsHalf((int)attribute.I)
        && (attribute.Name == "dtype" || (node.OpType == "Cast" && attribute.Name == "to"));

    private static bool IsHalf(int type) => type is OnnxTypes.Float16 or OnnxTypes.BFloat16;

    private static Problem? Widen(TensorProto tensor)
    {
        if (!IsHalf(tensor.DataType))
        {
            return null; // Shared by several nodes, and widened already.
        }

        var read = TensorReading.Read(tensor);
        if (read.Problem is { } problem)
        {
            return problem;
        }

        tensor.DataType = OnnxTypes.Float;
        tensor.Int32Data.Clear();
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(read.Value.Floats));
        return null;
    }
}
