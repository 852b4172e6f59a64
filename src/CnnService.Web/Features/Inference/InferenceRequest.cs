using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>An inference request of the Open Inference Protocol, its tensors not yet looked into.</summary>
/// <param name="Id">Echoed; null where there was none.</param>
/// <param name="Inputs">By name.</param>
/// <param name="Outputs">Null: all.</param>
/// <param name="BinaryOutput">All outputs are wanted as bytes unless one says otherwise.</param>
internal sealed record InferenceRequest(string? Id, IReadOnlyList<RequestedInput> Inputs, IReadOnlyList<RequestedOutput>? Outputs, bool BinaryOutput)
{
    public const string HeaderLength = "Inference-Header-Content-Length";

    private const int MostDepth = 64;
    private const int MostOutputs = 64;

    /// <summary>Reads a body: JSON, JSON followed by the tensors' bytes, or (header length 0) the bytes of the one input.</summary>
    /// <param name="body">All of it.</param>
    /// <param name="headerLength">What the request says of the JSON's length; null: all is JSON.</param>
    public static Outcome<InferenceRequest> Read(ReadOnlyMemory<byte> body, string? headerLength)
    {
        var length = body.Length;
        if (headerLength is not null && !(int.TryParse(headerLength, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= body.Length))
        {
            return Invalid($"{HeaderLength} must be a number up to the body's {body.Length} bytes, received '{headerLength}'");
        }

        if (headerLength is not null && length == 0)
        {
            return new InferenceRequest(null, [RequestedInput.Raw(body)], null, true);
        }

        try
        {
            using var json = JsonDocument.Parse(body[..length], new JsonDocumentOptions { MaxDepth = MostDepth });
            return Read(json.RootElement, body[length..]);
        }
        catch (JsonException malformed)
        {
            return Invalid($"failed to parse the request JSON: {malformed.Message}");
        }
        catch (FormatException malformed)
        {
            return Invalid(malformed.Message);
        }
    }

    private static InferenceRequest Read(JsonElement json, ReadOnlyMemory<byte> tensors)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("inputs", out var listed) || listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() == 0)
        {
            throw new FormatException("the request must be an object with a non-empty list 'inputs'");
        }

        var inputs = new List<RequestedInput>();
        foreach (var input in listed.EnumerateArray())
        {
            inputs.Add(RequestedInput.Read(input, ref tensors));
        }

        return tensors.Length > 0
            ? throw new FormatException($"{tensors.Length} bytes follow the tensors that the inputs announce")
            : new(Text(json, "id"), inputs, ReadOutputs(json), Parameter(json, "binary_data_output")?.ValueKind == JsonValueKind.True);
    }

    private static List<RequestedOutput>? ReadOutputs(JsonElement json)
    {
        if (!json.TryGetProperty("outputs", out var listed))
        {
            return null;
        }

        if (listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() is 0 or > MostOutputs)
        {
            throw new FormatException($"'outputs' must be a list of 1 to {MostOutputs}");
        }

        var outputs = listed.EnumerateArray().Select(RequestedOutput.Read).ToList();
        return outputs.DistinctBy(output => output.Name).Count() == outputs.Count
            ? outputs
            : throw new FormatException("an output is asked for twice");
    }

    public static string? Text(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"'{name}' must be a string");

    /// <summary>One of an object's <c>parameters</c>.</summary>
    public static JsonElement? Parameter(JsonElement json, string name) =>
        json.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(name, out var value) ? value : null;

    private static Problem Invalid(string detail) => Problem.Invalid("inference.invalid", detail);
}

/// <summary>An output that is asked for.</summary>
/// <param name="Name">Of the file, or of a layer.</param>
/// <param name="Binary">Null: as the request says for all.</param>
/// <param name="Classes">How many of the best classes are wanted instead of the numbers; 0: the numbers.</param>
internal sealed record RequestedOutput(string Name, bool? Binary, int Classes)
{
    public static RequestedOutput Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || InferenceRequest.Text(json, "name") is not { } name)
        {
            throw new FormatException("an output must be an object with a name");
        }

        var classes = 0;
        if (InferenceRequest.Parameter(json, "classification") is { } wanted && !(wanted.ValueKind == JsonValueKind.Number && wanted.TryGetInt32(out classes) && classes >= 0))
        {
            throw new FormatException($"the parameter classification of output '{name}' must be a number of classes");
        }

        return new(name, InferenceRequest.Parameter(json, "binary_data") is { } binary ? binary.ValueKind == JsonValueKind.True : null, classes);
    }
}
