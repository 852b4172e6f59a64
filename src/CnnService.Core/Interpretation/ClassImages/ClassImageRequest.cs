using CnnService.Core.Interpretation.Ascent;

namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>Class images: a single one, or a labelled sheet.</summary>
public sealed record ClassImageRequest
{
    /// <summary>Most classes in a sheet.</summary>
    public const int MaxClasses = 64;

    /// <summary>Name or index of a single class; null for a sheet.</summary>
    public string? Class { get; init; }

    /// <summary>Index of the first class in a sheet.</summary>
    public int Offset { get; init; }

    /// <summary>Number of classes in a sheet, 1 to 64; fewer if there are fewer classes.</summary>
    public int Count { get; init; } = 8;

    /// <summary>Parameters of the gradient ascent.</summary>
    public PatternRequest Pattern { get; init; } = new();
}
