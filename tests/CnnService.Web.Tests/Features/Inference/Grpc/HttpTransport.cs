using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>HTTP, with the tensors in the JSON or as binary data after it.</summary>
internal sealed class HttpTransport(CnnServiceApplication service, bool isBinary) : ITransport
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    public async Task<Got> InferAsync(string model, string? version, Sent sent)
    {
        var tails = sent.Inputs.Select(BytesOf).ToArray();
        var head = JsonSerializer.SerializeToUtf8Bytes(JsonOf(sent, tails));
        using var content = new ByteArrayContent(isBinary ? [.. head, .. tails.SelectMany(tail => tail)] : head);
        if (isBinary)
        {
            content.Headers.TryAddWithoutValidation(HeaderLength, head.Length.ToString(CultureInfo.InvariantCulture));
        }

        var path = $"v2/models/{model}{(version is null ? string.Empty : $"/versions/{version}")}/infer";
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(path), content);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var length = answer.Headers.TryGetValues(HeaderLength, out var told)
            ? int.Parse(told.Single(), CultureInfo.InvariantCulture)
            : body.Length;
        var json = JsonSerializer.Deserialize<JsonElement>(body.AsSpan(0, length));
        return answer.IsSuccessStatusCode
            ? Read(json, body[length..])
            : new Got(StatusOf(answer.StatusCode), json.GetProperty("error").GetString()!);
    }

    /// <summary>By the published table of HTTP statuses.</summary>
    public static StatusCode StatusOf(HttpStatusCode http) => http switch
    {
        HttpStatusCode.BadRequest => StatusCode.InvalidArgument,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.NotFound,
        HttpStatusCode.RequestEntityTooLarge => StatusCode.ResourceExhausted,
        HttpStatusCode.NotImplemented => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    private Dictionary<string, object> JsonOf(Sent sent, byte[][] tails)
    {
        var json = new Dictionary<string, object>
        {
            ["inputs"] = sent.Inputs.Select((tensor, index) => JsonOf(tensor, tails[index].Length)).ToArray(),
            ["parameters"] = new { binary_data_output = isBinary },
        };
        if (sent.Outputs.Length > 0)
        {
            json["outputs"] = sent.Outputs.Select(output => output.Classes is { } classes
                ? (object)new { name = output.Name, parameters = new { classification = classes } }
                : new { name = output.Name }).ToArray();
        }

        if (sent.Id is { } id)
        {
            json["id"] = id;
        }

        return json;
    }

    private Dictionary<string, object> JsonOf(SentTensor tensor, int bytes)
    {
        var json = new Dictionary<string, object>
        {
            ["name"] = tensor.Name,
            ["datatype"] = tensor.Datatype,
            ["shape"] = tensor.Shape,
        };
        if (isBinary)
        {
            json["parameters"] = new { binary_data_size = bytes };
        }
        else
        {
            json["data"] = tensor.Datatype == "BYTES" ? tensor.Files.Select(Convert.ToBase64String).ToArray() : tensor.Numbers;
        }

        return json;
    }

    /// <summary>The raw form of a tensor, which gRPC has too.</summary>
    public static byte[] BytesOf(SentTensor tensor) => tensor.Datatype switch
    {
        "BYTES" => [.. tensor.Files.SelectMany(Element)],
        "UINT8" => [.. tensor.Numbers.Select(value => (byte)value)],
        _ => [.. MemoryMarshal.AsBytes(tensor.Numbers.AsSpan())],
    };

    /// <summary>The values and texts of a raw tensor, which gRPC has too.</summary>
    public static (float[] Numbers, string[] Texts) Parse(string datatype, ReadOnlySpan<byte> raw)
    {
        if (datatype == "FP32")
        {
            return (MemoryMarshal.Cast<byte, float>(raw).ToArray(), []);
        }

        var texts = new List<string>();
        while (raw.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(raw);
            texts.Add(Encoding.UTF8.GetString(raw.Slice(sizeof(int), length)));
            raw = raw[(sizeof(int) + length)..];
        }

        return ([], [.. texts]);
    }

    private static byte[] Element(byte[] file)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, file.Length);
        return [.. length, .. file];
    }

    private static Got Read(JsonElement json, byte[] tail)
    {
        var outputs = new List<GotTensor>();
        var position = 0;
        foreach (var output in json.GetProperty("outputs").EnumerateArray())
        {
            var datatype = output.GetProperty("datatype").GetString()!;
            var (numbers, texts) = (Array.Empty<float>(), Array.Empty<string>());
            if (output.TryGetProperty("data", out var data))
            {
                numbers = datatype == "FP32" ? [.. data.EnumerateArray().Select(value => value.GetSingle())] : [];
                texts = datatype == "FP32" ? [] : [.. data.EnumerateArray().Select(value => value.GetString()!)];
            }
            else
            {
                var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
                (numbers, texts) = Parse(datatype, tail.AsSpan(position, size));
                position += size;
            }

            outputs.Add(new(
                output.GetProperty("name").GetString()!, datatype,
                [.. output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())], numbers, texts));
        }

        return new Got(StatusCode.OK, string.Empty)
        {
            Id = json.TryGetProperty("id", out var id) ? id.GetString()! : string.Empty,
            Model = json.GetProperty("model_name").GetString()!,
            Version = json.GetProperty("model_version").GetString()!,
            Outputs = outputs,
        };
    }
}
