using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Web.Features.Inference;

/// <summary>Writes the response to an inference request: JSON followed by the binary data of outputs.</summary>
internal static class InferenceResponse
{
    public static async Task WriteAsync(HttpContext http, LoadedModel model, InferenceRequest request, TensorAnswer answer)
    {
        var tail = new ArrayBufferWriter<byte>();
        var head = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(head))
        {
            json.WriteStartObject();
            json.WriteString("model_name", model.Name);
            json.WriteString("model_version", model.Version.ToString(CultureInfo.InvariantCulture));
            if (request.Id is { } id)
            {
                json.WriteString("id", id);
            }

            WriteParameters(json, answer);
            json.WriteStartArray("outputs");
            foreach (var tensor in answer.Tensors)
            {
                var wanted = request.Outputs?.First(output => output.Name == tensor.Name);
                Write(json, tail, model, tensor, wanted?.Classes ?? 0, wanted?.Binary ?? request.BinaryOutput);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        var response = http.Response;
        response.ContentType = tail.WrittenCount > 0 ? "application/octet-stream" : "application/json";
        response.ContentLength = head.WrittenCount + tail.WrittenCount;
        if (tail.WrittenCount > 0)
        {
            response.Headers[InferenceBody.HeaderLength] = head.WrittenCount.ToString(CultureInfo.InvariantCulture);
        }

        await response.Body.WriteAsync(head.WrittenMemory, http.RequestAborted);
        await response.Body.WriteAsync(tail.WrittenMemory, http.RequestAborted);
    }

    /// <summary>Writes how the response was computed.</summary>
    private static void WriteParameters(Utf8JsonWriter json, TensorAnswer answer)
    {
        json.WriteStartObject("parameters");
        json.WriteNumber("queueMs", Math.Round(answer.Queue.TotalMilliseconds, 2));
        json.WriteNumber("inferenceMs", Math.Round(answer.Inference.TotalMilliseconds, 2));
        json.WriteNumber("batchSize", answer.BatchSize);
        json.WriteString("device", answer.Device);
        json.WriteEndObject();
    }

    private static void Write(
        Utf8JsonWriter json, ArrayBufferWriter<byte> tail, LoadedModel model, NamedTensor tensor, int classes, bool binary)
    {
        var texts = classes > 0 ? Classification(model, tensor, classes) : null;
        var shape = texts is null ? tensor.Shape : [tensor.Shape[0], texts.Count / Math.Max(1, tensor.Shape[0])];
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteString("datatype", texts is null ? RequestedInput.Float32 : RequestedInput.ByteText);
        json.WriteStartArray("shape");
        foreach (var size in shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        if (binary)
        {
            var before = tail.WrittenCount;
            Append(tail, tensor, texts);
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", tail.WrittenCount - before);
            json.WriteEndObject();
        }
        else
        {
            WriteData(json, tensor, texts);
        }

        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, NamedTensor tensor, List<string>? texts)
    {
        json.WriteStartArray("data");
        foreach (var text in texts ?? [])
        {
            json.WriteStringValue(text);
        }

        foreach (var value in texts is null ? tensor.Values.Span : [])
        {
            if (float.IsFinite(value))
            {
                json.WriteNumberValue(value);
            }
            else
            {
                json.WriteNullValue(); // JSON cannot represent it.
            }
        }

        json.WriteEndArray();
    }

    private static void Append(ArrayBufferWriter<byte> tail, NamedTensor tensor, List<string>? texts)
    {
        if (texts is null)
        {
            tail.Write(MemoryMarshal.AsBytes(tensor.Values.Span));
            return;
        }

        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(tail.GetSpan(sizeof(int)), bytes.Length);
            tail.Advance(sizeof(int));
            tail.Write(bytes);
        }
    }

    /// <summary>
    /// <c>value:index:label</c> per class and image of the batch, the best class first. A single sigmoid output yields both of its classes.
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
        ([var probability], true, OnnxExporter.Probabilities) => SigmoidProbabilities.OfProbability(probability),
        ([var logit], true, OnnxExporter.Logits) => SigmoidProbabilities.OfLogit(logit),
        _ => row,
    };
}
