namespace CnnService.Web.Features.Visualize;

/// <summary>Where feature maps are read.</summary>
internal enum FeatureMapTap
{
    /// <summary>After the layer's activation function.</summary>
    Activation,

    /// <summary>Before the layer's activation function.</summary>
    Preactivation,
}
