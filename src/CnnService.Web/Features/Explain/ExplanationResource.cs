using CnnService.Core.Models;
using CnnService.Core.Visualization.Explaining;

namespace CnnService.Web.Features.Explain;

/// <summary>An explanation as numbers.</summary>
internal sealed record ExplanationResource
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Method { get; init; }

    /// <summary>Of the CAM methods.</summary>
    public string? Layer { get; init; }

    /// <summary>The class that is explained.</summary>
    public required string Class { get; init; }

    /// <summary>The class that the network names.</summary>
    public required string Predicted { get; init; }

    /// <summary>Of the explained class, 0–1.</summary>
    public required double Probability { get; init; }

    public required double Logit { get; init; }

    /// <summary><c>ok</c>; <c>empty</c>, where nothing speaks for the class; <c>weak</c>, where integrated gradients do not add up.</summary>
    public required string Status { get; init; }

    public required bool Empty { get; init; }

    /// <summary>The largest magnitude of the map.</summary>
    public required double Peak { get; init; }

    public double? CompletenessError { get; init; }

    public int? Steps { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>Row by row, at the size of the network's input.</summary>
    public required IReadOnlyList<float[]> Map { get; init; }

    public static ExplanationResource Of(LoadedModel model, Explanation found) => new()
    {
        Model = model.Name,
        Version = model.Version,
        Method = ExplainMethods.NameOf(found.Method),
        Layer = found.Layer,
        Class = found.Class,
        Predicted = found.Predicted,
        Probability = found.Probability,
        Logit = found.Logit,
        Status = found.Status,
        Empty = found.Empty,
        Peak = found.Peak,
        CompletenessError = found.CompletenessError,
        Steps = found.Steps,
        Height = found.Height,
        Width = found.Width,
        Map = [.. Enumerable.Range(0, found.Height).Select(row => found.Map.Slice(row * found.Width, found.Width).ToArray())],
    };
}
