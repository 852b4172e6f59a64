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

    /// <summary>The problem of a request with so many inputs and outputs; null if it may have them.</summary>
    public static Problem? CountProblem(int inputs, int outputs) =>
        inputs == 0 ? Invalid("the request must be an object with a non-empty list 'inputs'")
        : inputs > MaxInputs ? Invalid($"'inputs' must be a list of 1 to {MaxInputs}, received {inputs}")
        : outputs > MaxOutputs ? Invalid($"'outputs' must be a list of at most {MaxOutputs}")
        : null;

    /// <summary>The requested outputs; null, which stands for all, if none is named. Problem: <c>inference.invalid</c>.</summary>
    public static Outcome<IReadOnlyList<RequestedOutput>?> Chosen(IReadOnlyList<RequestedOutput> outputs) =>
        outputs.DistinctBy(output => output.Name).Count() == outputs.Count
            ? Outcome.Success(outputs.Count == 0 ? null : outputs)
            : Invalid("an output is asked for twice");

    private static Outcome<InferenceRequest> Read(JsonElement json)
    {
        var count = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("inputs", out var listed)
            && listed.ValueKind == JsonValueKind.Array ? listed.GetArrayLength() : 0;
        if (CountProblem(count, outputs: 0) is { } miscounted)
        {
            return miscounted;
        }

        var isBinary = Parameter(json, "binary_data_output")?.ValueKind == JsonValueKind.True;
        var inputs = json.GetProperty("inputs").EnumerateArray();
        return Text(json, "id").Bind(id => Outcome.All(inputs.Select(RequestedInput.Read)).Bind(read =>
            ReadOutputs(json, count).Map(outputs => new InferenceRequest(id, read, outputs, isBinary))));
    }

    private static Outcome<IReadOnlyList<RequestedOutput>?> ReadOutputs(JsonElement json, int inputs)
    {
        if (!Has(json, "outputs", out var listed))
        {
            return Outcome.Success<IReadOnlyList<RequestedOutput>?>(null);
        }

        var count = listed.ValueKind == JsonValueKind.Array ? listed.GetArrayLength() : int.MaxValue;
        return CountProblem(inputs, count) is { } miscounted
            ? miscounted
            : Outcome.All(listed.EnumerateArray().Select(RequestedOutput.Read)).Bind(Chosen);
    }
}

/// <summary>A requested output.</summary>
/// <param name="Name">Name of an output or of a layer.</param>
/// <param name="Binary">Null: as specified by the request for all outputs.</param>
/// <param name="Classes">Number of best classes to return instead of the values; 0: the values.</param>
internal sealed record RequestedOutput(string Name, bool? Binary, int Classes)
{
    /// <summary>The problem of an output without a name.</summary>
    public static Problem Nameless { get; } = InferenceRequest.Invalid("an output must be an object with a name");

    /// <summary>Parses an output. Problem: <c>inference.invalid</c>.</summary>
    public static Outcome<RequestedOutput> Read(JsonElement json) =>
        (json.ValueKind == JsonValueKind.Object ? InferenceRequest.Text(json, "name") : Outcome.Success<string?>(null)).Bind(name =>
            name is { Length: > 0 } ? Read(json, name) : Nameless);

    /// <summary>
    /// What is asked of an output by the parameter <c>classification</c>. Problem: <c>inference.invalid</c>.
    /// </summary>
    /// <param name="name">Name of the output.</param>
    /// <param name="binary">Whether it is to be binary; null: as specified for all.</param>
    /// <param name="classes">The parameter; null if it is not a whole number.</param>
    /// <param name="received">The parameter as it was received, for the problem.</param>
    public static Outcome<RequestedOutput> Create(string name, bool? binary, long? classes, string received) =>
        classes is >= 0 and <= int.MaxValue
            ? new RequestedOutput(name, binary, (int)classes)
            : InferenceRequest.Invalid(
                $"the parameter classification of output '{name}' must be a number of classes, or 0 for the numbers themselves, "
                + $"received {received}");

    private static Outcome<RequestedOutput> Read(JsonElement json, string name)
    {
        var isBinary = InferenceRequest.Parameter(json, "binary_data") is { } binary ? binary.ValueKind == JsonValueKind.True : (bool?)null;
        return InferenceRequest.Parameter(json, "classification") is not { } wanted
            ? new RequestedOutput(name, isBinary, 0)
            : Create(name, isBinary,
                wanted.ValueKind == JsonValueKind.Number && wanted.TryGetInt64(out var classes) ? classes : null,
                ReceivedText.Json(wanted));
    }
}
