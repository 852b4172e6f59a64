using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>An inference request of the Open Inference Protocol; tensors that follow its JSON have not been read yet.</summary>
/// <param name="Id">Echoed in the response; null if none was sent.</param>
/// <param name="Inputs">In the order of their binary data.</param>
/// <param name="Outputs">Requested outputs; null: all.</param>
/// <param name="BinaryOutput">Whether outputs are returned as binary data unless they specify otherwise.</param>
internal sealed record InferenceRequest(
    string? Id, IReadOnlyList<RequestedInput> Inputs, IReadOnlyList<RequestedOutput>? Outputs, bool BinaryOutput)
{
    private const int MaxInputs = 64;
    private const int MaxOutputs = 64;

    /// <summary>A request whose whole body is the data of one tensor; answered in binary too.</summary>
    public static InferenceRequest Raw { get; } = new(null, [RequestedInput.Raw], null, true);

    /// <summary>Parses a request. Problem: <c>inference.invalid</c>.</summary>
    public static Outcome<InferenceRequest> Read(ReadOnlyMemory<byte> json)
    {
        var parsed = InferenceJson.Parse(json);
        if (parsed.Problem is { } malformed)
        {
            return malformed;
        }

        using var document = parsed.Value;
        return Read(document.RootElement);
    }

    /// <summary>A string property of an object; null if absent or null. Problem: <c>inference.invalid</c>.</summary>
    public static Outcome<string?> Text(JsonElement json, string name) =>
        !Has(json, name, out var value) ? Outcome.Success<string?>(null)
        : value.ValueKind == JsonValueKind.String ? Outcome.Success(value.GetString())
        : Invalid($"'{name}' must be a string");

    /// <summary>An entry of an object's <c>parameters</c>; null if absent or null.</summary>
    public static JsonElement? Parameter(JsonElement json, string name) =>
        json.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
        && Has(parameters, name, out var value) ? value : null;

    /// <summary>Whether an object has a property: one that is null is as good as absent, as many clients write it.</summary>
    public static bool Has(JsonElement json, string name, out JsonElement value) =>
        json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The problem for requests that violate the protocol.</summary>
    public static Problem Invalid(string detail) => Problem.Invalid("inference.invalid", detail);

    private static Outcome<InferenceRequest> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("inputs", out var listed)
            || listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() == 0)
        {
            return Invalid("the request must be an object with a non-empty list 'inputs'");
        }

        if (listed.GetArrayLength() > MaxInputs)
        {
            return Invalid($"'inputs' must be a list of 1 to {MaxInputs}, received {listed.GetArrayLength()}");
        }

        var isBinary = Parameter(json, "binary_data_output")?.ValueKind == JsonValueKind.True;
        return Text(json, "id").Bind(id => Outcome.All(listed.EnumerateArray().Select(RequestedInput.Read)).Bind(inputs =>
            ReadOutputs(json).Map(outputs => new InferenceRequest(id, inputs, outputs, isBinary))));
    }

    private static Outcome<IReadOnlyList<RequestedOutput>?> ReadOutputs(JsonElement json)
    {
        if (!Has(json, "outputs", out var listed) || (listed.ValueKind == JsonValueKind.Array && listed.GetArrayLength() == 0))
        {
            return Outcome.Success<IReadOnlyList<RequestedOutput>?>(null);
        }

        if (listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() > MaxOutputs)
        {
            return Invalid($"'outputs' must be a list of at most {MaxOutputs}");
        }

        return Outcome.All(listed.EnumerateArray().Select(RequestedOutput.Read)).Bind(outputs =>
            outputs.DistinctBy(output => output.Name).Count() == outputs.Count
                ? Outcome.Success<IReadOnlyList<RequestedOutput>?>(outputs)
                : Invalid("an output is asked for twice"));
    }
}

/// <summary>A requested output.</summary>
/// <param name="Name">Name of an output or of a layer.</param>
/// <param name="Binary">Null: as specified by the request for all outputs.</param>
/// <param name="Classes">Number of best classes to return instead of the values; 0: the values.</param>
internal sealed record RequestedOutput(string Name, bool? Binary, int Classes)
{
    /// <summary>Parses an output. Problem: <c>inference.invalid</c>.</summary>
    public static Outcome<RequestedOutput> Read(JsonElement json) =>
        (json.ValueKind == JsonValueKind.Object ? InferenceRequest.Text(json, "name") : Outcome.Success<string?>(null)).Bind(name =>
            name is null ? InferenceRequest.Invalid("an output must be an object with a name") : Read(json, name));

    private static Outcome<RequestedOutput> Read(JsonElement json, string name)
    {
        var classes = 0;
        if (InferenceRequest.Parameter(json, "classification") is { } wanted
            && !(wanted.ValueKind == JsonValueKind.Number && wanted.TryGetInt32(out classes) && classes >= 0))
        {
            return InferenceRequest.Invalid(
                $"the parameter classification of output '{name}' must be a number of classes, or 0 for the numbers themselves, "
                + $"received {ReceivedText.Json(wanted)}");
        }

        var isBinary = InferenceRequest.Parameter(json, "binary_data") is { } binary ? binary.ValueKind == JsonValueKind.True : (bool?)null;
        return new RequestedOutput(name, isBinary, classes);
    }
}
