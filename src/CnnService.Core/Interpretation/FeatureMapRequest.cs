using System.Text.Json.Serialization;
using CnnService.Core.Drawing;

namespace CnnService.Core.Interpretation;

/// <summary>How to show feature maps.</summary>
public sealed record FeatureMapRequest
{
    /// <summary>Null: by filter; for a vector, whose maps are single values, by layer.</summary>
    public FeatureMapScale? Scale { get; init; }

    public ColormapName Colors { get; init; } = ColormapName.Viridis;

    /// <summary>Before the layer's activation function; else after it.</summary>
    public bool BeforeActivation { get; init; }

    /// <summary>The strongest first, by their mean; else by number.</summary>
    public bool ByStrength { get; init; }

    /// <summary>Over the image, each cell where its receptive field lies; else alone.</summary>
    public bool OverImage { get; init; }

    /// <summary>Tiles in a row of a grid, 1 to 32; null: 8.</summary>
    public int? Columns { get; init; }
}

/// <summary>How activations become 0–255.</summary>
public enum FeatureMapScale
{
    /// <summary>Each map by its own mean and standard deviation.</summary>
    Filter,

    /// <summary>All maps of the layer on one scale, so that strong and weak ones can be told apart.</summary>
    Layer,

    /// <summary>Each map from its smallest to its largest value.</summary>
    [JsonStringEnumMemberName("minmax")]
    MinMax,
}
