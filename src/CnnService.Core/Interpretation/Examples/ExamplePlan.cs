using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>A validated request for examples. Immutable.</summary>
public sealed class ExamplePlan
{
    private ExamplePlan(ScanPlan scan, FilterRange range, int count) => (Scan, Range, Count) = (scan, range, count);

    /// <summary>Entity tag of the sheet, hex.</summary>
    public string ETag => ContentKey.Create("examples", Scan.Key, Source.Dataset.Name, Range.ToString(), ContentKey.Text(Count));

    /// <summary>The images to search.</summary>
    public ScanSource Source => Scan.Source;

    /// <summary>The scan that finds the examples.</summary>
    internal ScanPlan Scan { get; }

    internal LoadedModel Model => Scan.Model;

    internal ResolvedLayer Layer => Scan.Layer;

    internal FilterRange Range { get; }

    /// <summary>Examples per filter.</summary>
    internal int Count { get; }

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="source">The images to search.</param>
    /// <param name="request">Filters and number of examples.</param>
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>, <c>request.invalid</c>.</returns>
    public static Outcome<ExamplePlan> Create(LoadedModel model, string layer, ScanSource source, ExampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(request);
        var errors = new ValidationErrors();
        errors.Require(request.Count is >= 1 and <= ExampleRequest.MaxCount, "count",
            $"must be between 1 and {ExampleRequest.MaxCount}, received {request.Count}");
        return errors.Any
            ? Problem.Validation(errors)
            : ScanPlan.Create(model, layer, source).Bind(scan =>
                LayerLookup.Filters(scan.Layer, request.Offset, Math.Min(request.Filters, ExampleRequest.MaxRows))
                    .Map(range => new ExamplePlan(scan, range, request.Count)));
    }
}
