using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.Layers;

/// <summary>How activations are scaled to 0–255.</summary>
public enum FeatureMapScale
{
    /// <summary>Each map by its own mean and standard deviation, as the article draws them.</summary>
    Filter,

    /// <summary>All maps of the layer on one scale, which makes their strengths comparable.</summary>
    Layer,

    /// <summary>Each map from 0, or its minimum where that is below, to its maximum: no activation is the darkest colour.</summary>
    [JsonStringEnumMemberName("minmax")]
    MinMax,
}
