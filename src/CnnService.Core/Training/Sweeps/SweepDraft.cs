using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Sweeps;

/// <summary>A parsed sweep with the values of its trials, before its data set is known.</summary>
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

    /// <summary>The data set named by <c>base</c>; empty if none is.</summary>
    public string Dataset => Text("dataset") ?? string.Empty;

    /// <summary>The model named by <c>base</c>; null if none is.</summary>
    public string? Model => Text("model");

    /// <summary>
    /// The model that <c>base</c> starts from; null if there is none or it breaks a rule, which the check of each trial reports.
    /// </summary>
    public StartFrom? StartFrom { get; }

    internal JsonObject Common { get; }

    internal IReadOnlyList<SweptField> Fields { get; }

    internal IReadOnlyList<IReadOnlyList<TrialValue>> Trials { get; }

    /// <summary>
    /// Trials at the ends of all ranges, checked before those that are drawn; empty for a grid, which is checked in full.
    /// </summary>
    internal IReadOnlyList<IReadOnlyList<TrialValue>> Probes { get; }

    private static StartFrom? Start(JsonObject common) =>
        common["startFrom"] is { } start ? StartFrom.Read(JsonSerializer.SerializeToElement(start), new ValidationErrors()) : null;

    private string? Text(string name) =>
        Common[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
