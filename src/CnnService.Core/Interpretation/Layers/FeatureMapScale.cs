using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.Layers;

/// <summary>How activations are scaled to 0–255.</summary>
public enum FeatureMapScale
{
    /// <summary>Each map by its own mean and standard deviation.</summary>
    Filter,

    /// <summary>All maps of the layer on one scale, which makes their strengths comparable.</summary>
    Layer,

    /// <summary>Each map from its minimum to its maximum.</summary>
    [JsonStringEnumMemberName("minmax")]
    MinMax,
}
