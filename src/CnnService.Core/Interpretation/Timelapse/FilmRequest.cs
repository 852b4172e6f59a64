using CnnService.Core.Common;
using CnnService.Core.Drawing;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>What a film shows. Either a layer and a filter, or a class.</summary>
public sealed record FilmRequest
{
    public string? Layer { get; init; }

    /// <summary>Of the layer, from 0.</summary>
    public int? Filter { get; init; }

    /// <summary>By name or index.</summary>
    public string? Class { get; init; }

    /// <summary>Shows what the filter answers to this image instead of what it looks for; at the network's input size and
    /// channels.</summary>
    public PixelBuffer? Image { get; init; }

    /// <summary>How patterns are drawn; that all frames share a start is the film's to say.</summary>
    public PatternRequest Pattern { get; init; } = new() { Method = PatternMethod.Quick };

    /// <summary>How feature maps are shown.</summary>
    public FeatureMapRequest Maps { get; init; } = new();

    /// <summary>The side that small images are enlarged towards, pixels.</summary>
    public int Side { get; init; } = ImageScaling.DefaultSide;
}
