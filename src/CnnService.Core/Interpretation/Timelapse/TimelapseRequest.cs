using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>What a timelapse shows: either a layer and a filter, or a class.</summary>
public sealed record TimelapseRequest
{
    public const int DefaultSide = 128;

    public string? Layer { get; init; }

    /// <summary>Index of the filter in the layer.</summary>
    public int? Filter { get; init; }

    /// <summary>Name or index of the class.</summary>
    public string? Class { get; init; }

    /// <summary>Shows the filter's feature map for this image instead of its pattern; at the network's input size and channels.</summary>
    public PixelBuffer? Image { get; init; }

    /// <summary>Parameters of patterns; the timelapse itself makes all frames share a start.</summary>
    public PatternRequest Pattern { get; init; } = new() { Method = PatternMethod.Quick };

    /// <summary>How feature maps are scaled; null for the default of the layer.</summary>
    public FeatureMapScale? Scale { get; init; }

    /// <summary>Side in pixels that small images are enlarged towards.</summary>
    public int Side { get; init; } = DefaultSide;
}
