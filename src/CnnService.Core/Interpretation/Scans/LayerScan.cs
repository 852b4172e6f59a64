using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>Activations of a layer over the images of a split.</summary>
public sealed record LayerScan
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Layer { get; init; }

    public required string Dataset { get; init; }

    /// <summary>"train", "validation" or "test".</summary>
    public required string Split { get; init; }

    /// <summary>Number of images scanned, evenly spread over the split.</summary>
    public required int Images { get; init; }

    /// <summary>Number of filters by status; statuses without filters are left out.</summary>
    public IReadOnlyDictionary<string, int> Statuses => Filters.GroupBy(filter => filter.Status)
        .ToDictionary(group => group.Key.ToWireName(), group => group.Count(), StringComparer.Ordinal);

    public required IReadOnlyList<FilterFigures> Filters { get; init; }

    /// <summary>For each filter the cells with the largest activation, at most one an image, strongest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<IReadOnlyList<ScannedCell>> Strongest { get; init; } = [];

    /// <summary>Approximate memory in bytes.</summary>
    internal long Bytes => (Filters.Count * 160L) + Strongest.Sum(cells => cells.Count * 24L);
}
