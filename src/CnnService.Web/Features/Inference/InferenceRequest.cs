using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>An inference request of the Open Inference Protocol; the tensors that follow its JSON are not read yet.</summary>
/// <param name="Id">Echoed; null where there was none.</param>
/// <param name="Inputs">In the order of their bytes.</param>
/// <param name="Outputs">Null: all.</param>
/// <param name="BinaryOutput">All outputs are wanted as bytes unless one says otherwise.</param>
internal sealed record InferenceRequest(string? Id, IReadOnlyList<RequestedInput> Inputs, IReadOnlyList<RequestedOutput>? Outputs, bool BinaryOutput)
{
    private const int MostDepth = 64;
    private const int MostOutputs = 64;

    /// <summary>The whole body is one tensor's bytes, and is answered so.</summary>
    public static InferenceRequest Raw { get; } = new(null, [RequestedInput.Raw], null, true);

    /// <summary>Problem code: <c>inference.invalid</c>.</summary>
    public static Outcome<InferenceRequest> Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth });
            return Read(document.RootElement);
        }
        catch (JsonException malformed)
        {
            return InferenceJson.Malformed(json.Span, malformed);
        }
        catch (FormatException malformed)
        {
            return Invalid(malformed.Message);
        }
    }

    public static string? Text(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"'{name}' must be a string");

    /// <summary>One of an object's <c>parameters</c>.</summary>
    public static JsonElement? Parameter(JsonElement json, string name) =>
        json.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(name, out var value) ? value : null;

    private static InferenceRequest Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("inputs", out var listed) || listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() == 0)
        {
            throw new FormatException("the request must be an object with a non-empty list 'inputs'");
        }

        return new(Text(json, "id"), [.. listed.EnumerateArray().Select(RequestedInput.Read)], ReadOutputs(json), Parameter(json, "binary_data_output")?.ValueKind == JsonValueKind.True);
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
            throw new FormatException(
                $"the parameter classification of output '{name}' must be a number of classes, or 0 for the numbers themselves, received {Received.Text(wanted.GetRawText())}");
        }

        return new(name, InferenceRequest.Parameter(json, "binary_data") is { } binary ? binary.ValueKind == JsonValueKind.True : null, classes);
    }
}
