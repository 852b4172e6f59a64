namespace CnnService.Web.Features.Visualize;

/// <summary>In what order feature maps are shown.</summary>
internal enum FeatureMapOrder
{
    Index,

    /// <summary>Those with the largest mean first.</summary>
    Strength,
}
