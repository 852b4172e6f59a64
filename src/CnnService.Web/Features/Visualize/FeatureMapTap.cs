namespace CnnService.Web.Features.Visualize;

/// <summary>Where feature maps are taken.</summary>
internal enum FeatureMapTap
{
    /// <summary>After the layer's activation function.</summary>
    Activation,

    /// <summary>Before it.</summary>
    Preactivation,
}
