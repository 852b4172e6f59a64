using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnService.Core.Training.Sweeps;

/// <summary>A sweep that has been read, and the values of its trials.</summary>
public sealed class SweepDraft
{
    internal SweepDraft(
        SweepRequest request,
        JsonObject common,
        IReadOnlyList<SweptField> fields,
        IReadOnlyList<IReadOnlyList<TrialValue>> trials,
        IReadOnlyList<IReadOnlyList<TrialValue>> probes) => (Request, Common, Fields, Trials, Probes) = (request, common, fields, trials, probes);

    public SweepRequest Request { get; }

    /// <summary>The data set that <c>base</c> names; empty where it names none.</summary>
    public string Dataset => Text("dataset") ?? string.Empty;

    /// <summary>The model that <c>base</c> names.</summary>
    public string? Model => Text("model");

    /// <summary>The model that <c>base</c> starts from; null where it starts from none.</summary>
    public JsonElement? StartFrom => Common["startFrom"] is { } start ? JsonSerializer.SerializeToElement(start) : null;

    internal JsonObject Common { get; }

    internal IReadOnlyList<SweptField> Fields { get; }

    internal IReadOnlyList<IReadOnlyList<TrialValue>> Trials { get; }

    /// <summary>Trials to check before those that are drawn; none of a grid, whose trials are all there is.</summary>
    internal IReadOnlyList<IReadOnlyList<TrialValue>> Probes { get; }

    private string? Text(string name) => Common[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
