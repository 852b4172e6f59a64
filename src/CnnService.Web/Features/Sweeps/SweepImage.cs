using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Sweeps;

/// <summary>Prepares a sweep's trials for <see cref="SweepPlot"/>.</summary>
internal static class SweepImage
{
    public static Figure Draw(SweepRow sweep, IEnumerable<TrialView> trials) => SweepPlot.Create(
        $"Sweep {sweep.Id}",
        Fields(JsonSerializer.Deserialize<SweepRequest>(sweep.Request, CoreJson.Options)!),
        [.. trials.Select(trial => new SweepPlotTrial(
            JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(trial.Values)!, trial.Score ?? double.NaN,
            trial.StoppedAtRung is not null))],
        sweep.Metric);

    private static SweepPlotField[] Fields(SweepRequest request) => request.Random is { } random
        ? [.. random.Fields.EnumerateObject().Select(field => new SweepPlotField(field.Name, IsLog(field.Value)))]
        : [.. request.Grid!.Value.EnumerateObject().Select(field => new SweepPlotField(field.Name, null))];

    /// <summary>Whether a field is drawn on a log scale; null for a list, which has no scale.</summary>
    private static bool? IsLog(JsonElement field) => field.ValueKind == JsonValueKind.Object
        && field.Deserialize<SweptValues>(CoreJson.Options) is { Values: null } range
        ? range.Scale == RangeScale.Log
        : null;
}
