namespace CnnService.Web.Features.Visualize;

/// <summary>Order of feature maps.</summary>
internal enum FeatureMapOrder
{
    Index,

    /// <summary>The largest mean first.</summary>
    Strength,
}
