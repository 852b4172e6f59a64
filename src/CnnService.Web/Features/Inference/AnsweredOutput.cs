using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CnnService.Core.Classification;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Web.Features.Inference;

/// <summary>An output of an answer as the protocol returns it: the values of a tensor, or the best classes as texts.</summary>
/// <param name="Name">Name of the output or of the layer.</param>
/// <param name="Shape">The shape; the batch dimension comes first.</param>
/// <param name="Values">Float32 values in row-major order.</param>
/// <param name="Texts">The best classes of each image instead of the values; null: the values.</param>
/// <param name="IsBinary">Whether the request wants it as binary data.</param>
internal sealed record AnsweredOutput(
    string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<float> Values, IReadOnlyList<string>? Texts, bool IsBinary)
{
    /// <summary>Data type of the protocol.</summary>
    public string Datatype => Texts is null ? RequestedInput.Float32 : RequestedInput.ByteText;

    /// <summary>The outputs of an answer in the order requested.</summary>
    public static IEnumerable<AnsweredOutput> From(LoadedModel model, InferenceRequest request, TensorAnswer answer) =>
        answer.Tensors.Select(
            tensor => From(model, tensor, request.Outputs?.First(output => output.Name == tensor.Name), request.BinaryOutput));

    /// <summary>Appends the binary data: little-endian values, or each text as its 32-bit length and its UTF-8 bytes.</summary>
    public void WriteBytes(IBufferWriter<byte> target)
    {
        if (Texts is null)
        {
            target.Write(MemoryMarshal.AsBytes(Values.Span));
            return;
        }

        foreach (var text in Texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(sizeof(int)), bytes.Length);
            target.Advance(sizeof(int));
            target.Write(bytes);
        }
    }

    private static AnsweredOutput From(LoadedModel model, NamedTensor tensor, RequestedOutput? wanted, bool binary)
    {
        var isBinary = wanted?.Binary ?? binary;
        if (wanted is not { Classes: > 0 and var classes })
        {
            return new(tensor.Name, tensor.Shape, tensor.Values, null, isBinary);
        }

        var texts = Classification(model, tensor, classes);
        return new(tensor.Name, [tensor.Shape[0], texts.Count / Math.Max(1, tensor.Shape[0])], tensor.Values, texts, isBinary);
    }

    /// <summary>
    /// <c>value:index:label</c> per class and image of the batch, the best class first.
    /// </summary>
    private static List<string> Classification(LoadedModel model, NamedTensor tensor, int count)
    {
        var rows = Math.Max(1, (int)tensor.Shape[0]);
        var width = tensor.Values.Length / rows;
        var labels = model.Manifest.Classes;
        var texts = new List<string>();
        for (var row = 0; row < rows; row++)
        {
            var values = OfClasses(model, tensor.Name, tensor.Values.Slice(row * width, width).ToArray());
            texts.AddRange(Enumerable.Range(0, values.Length).OrderByDescending(index => values[index]).Take(count).Select(index =>
                $"{values[index]}:{index}{(labels.Count == values.Length ? $":{labels[index]}" : string.Empty)}"));
        }

        return texts;
    }

    private static float[] OfClasses(LoadedModel model, string output, float[] row) => (row, model.Network.IsSigmoid, output) switch
    {
        ([var probability], true, OnnxExporter.Probabilities) => SigmoidProbabilities.FromProbability(probability),
        ([var logit], true, OnnxExporter.Logits) => SigmoidProbabilities.LogitsFromLogit(logit),
        _ => row,
    };
}
