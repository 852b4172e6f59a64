using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Sweeps;

/// <summary>A sweep that has been read, and the values of its trials.</summary>
public sealed class SweepDraft
{
    internal SweepDraft(
        SweepRequest request,
        JsonObject common,
        IReadOnlyList<SweptField> fields,
        IReadOnlyList<IReadOnlyList<TrialValue>> trials,
        IReadOnlyList<IReadOnlyList<TrialValue>> probes) =>
        (Request, Common, Fields, Trials, Probes, StartFrom) = (request, common, fields, trials, probes, Start(common));

    public SweepRequest Request { get; }

    /// <summary>The data set that <c>base</c> names; empty where it names none.</summary>
    public string Dataset => Text("dataset") ?? string.Empty;

    /// <summary>The model that <c>base</c> names.</summary>
    public string? Model => Text("model");

    /// <summary>
    /// The model that <c>base</c> starts from; null where it starts from none, or breaks a rule, which each trial's request tells.
    /// </summary>
    public StartFrom? StartFrom { get; }

    internal JsonObject Common { get; }

    internal IReadOnlyList<SweptField> Fields { get; }

    internal IReadOnlyList<IReadOnlyList<TrialValue>> Trials { get; }

    /// <summary>Trials to check before those that are drawn; none of a grid, whose trials are all there is.</summary>
    internal IReadOnlyList<IReadOnlyList<TrialValue>> Probes { get; }

    private static StartFrom? Start(JsonObject common) =>
        common["startFrom"] is { } start ? StartFrom.Read(JsonSerializer.SerializeToElement(start), new ValidationErrors()) : null;

    private string? Text(string name) =>
        Common[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
