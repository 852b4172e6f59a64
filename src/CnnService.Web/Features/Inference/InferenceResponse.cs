using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Models;

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
            foreach (var output in AnsweredOutput.From(model, request, answer))
            {
                Write(json, tail, output);
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

    /// <summary>A duration in the parameters of a response, in milliseconds with two digits.</summary>
    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);

    /// <summary>Writes how the response was computed.</summary>
    private static void WriteParameters(Utf8JsonWriter json, TensorAnswer answer)
    {
        json.WriteStartObject("parameters");
        json.WriteNumber("queueMs", Milliseconds(answer.Queue));
        json.WriteNumber("inferenceMs", Milliseconds(answer.Inference));
        json.WriteNumber("batchSize", answer.BatchSize);
        json.WriteString("device", answer.Device);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ArrayBufferWriter<byte> tail, AnsweredOutput output)
    {
        json.WriteStartObject();
        json.WriteString("name", output.Name);
        json.WriteString("datatype", output.Datatype);
        json.WriteStartArray("shape");
        foreach (var size in output.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        if (output.IsBinary)
        {
            var before = tail.WrittenCount;
            output.WriteBytes(tail);
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", tail.WrittenCount - before);
            json.WriteEndObject();
        }
        else
        {
            WriteData(json, output);
        }

        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, AnsweredOutput output)
    {
        json.WriteStartArray("data");
        foreach (var text in output.Texts ?? [])
        {
            json.WriteStringValue(text);
        }

        foreach (var value in output.Texts is null ? output.Values.Span : [])
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
}
