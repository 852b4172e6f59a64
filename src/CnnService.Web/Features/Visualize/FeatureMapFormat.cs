namespace CnnService.Web.Features.Visualize;

/// <summary>Formats of feature maps: an image or values; the last two contain float32, <c>[filters,H,W]</c>.</summary>
internal enum FeatureMapFormat
{
    Png,
    Svg,
    Json,

    /// <summary>With NumPy's header.</summary>
    Npy,

    /// <summary>Without a header.</summary>
    F32,
}
