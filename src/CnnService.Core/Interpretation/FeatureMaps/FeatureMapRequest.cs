using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>How feature maps are displayed.</summary>
public sealed record FeatureMapRequest
{
    /// <summary>Scaling; null for each filter on its own or, for vectors, whose maps are single values, for the whole layer.</summary>
    public FeatureMapScale? Scale { get; init; }

    public ColormapName Colors { get; init; } = ColormapName.Viridis;

    /// <summary>True for the values before the layer's activation function; false for those after it.</summary>
    public bool BeforeActivation { get; init; }

    /// <summary>True to sort by mean activation, strongest first; false for the order of the filters.</summary>
    public bool ByStrength { get; init; }

    /// <summary>True to blend the map over the image, each cell at its receptive field; false for the map alone.</summary>
    public bool OverImage { get; init; }

    /// <summary>Tiles per row of a grid, 1 to 32; null for 8.</summary>
    public int? Columns { get; init; }
}
