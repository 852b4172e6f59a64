using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>The numbers of an explanation, as in JSON and in the text chunks of the PNG.</summary>
public sealed record ExplanationFigures
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Method { get; init; }

    /// <summary>Name of the layer; null if the method uses none.</summary>
    public string? Layer { get; init; }

    public required string Class { get; init; }

    public required int ClassIndex { get; init; }

    /// <summary>Probability of the class, 0–1.</summary>
    public required double Probability { get; init; }

    /// <summary>Logit of the class; for the first class of a single sigmoid output, the negated logit.</summary>
    public required double Score { get; init; }

    public required string Predicted { get; init; }

    public required ExplainStatus Status { get; init; }

    /// <summary>True if there is no evidence for the class.</summary>
    public required bool Empty { get; init; }

    public required double Min { get; init; }

    public required double Max { get; init; }

    /// <summary>Rows of the map, the network's input height.</summary>
    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>Height and width of the map before it was enlarged.</summary>
    public required IReadOnlyList<int> MapSize { get; init; }

    /// <summary>Further measurements of the method: <c>completenessError</c>, <c>steps</c>, <c>windows</c>, <c>masks</c>, …</summary>
    public required IReadOnlyDictionary<string, double> Figures { get; init; }

    /// <summary>Values of the map, row by row; in JSON only.</summary>
    public IReadOnlyList<IReadOnlyList<float>>? Values { get; init; }

    public static ExplanationFigures Create(ExplanationPlan plan, Explanation map)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(map);
        var classes = plan.Model.Manifest.Classes;
        return new()
        {
            Model = plan.Model.Name,
            Version = plan.Model.Version,
            Method = plan.Method.ToWireName(),
            Layer = plan.Layer?.Name,
            Class = classes[map.Target.Index],
            ClassIndex = map.Target.Index,
            Probability = map.Target.Probability,
            Score = map.Target.Score,
            Predicted = classes[map.Target.Predicted],
            Status = map.Status,
            Empty = map.Status == ExplainStatus.Empty,
            Min = map.Min,
            Max = map.Max,
            Height = map.Height,
            Width = map.Width,
            MapSize = [map.MapHeight, map.MapWidth],
            Figures = map.Figures,
        };
    }
}
