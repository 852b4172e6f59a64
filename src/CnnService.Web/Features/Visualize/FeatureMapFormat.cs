namespace CnnService.Web.Features.Visualize;

/// <summary>Feature maps as an image, or in numbers; the last two are float32, <c>[filters,H,W]</c>.</summary>
internal enum FeatureMapFormat
{
    Png,
    Json,

    /// <summary>With NumPy's header.</summary>
    Npy,

    /// <summary>Bare.</summary>
    F32,
}
