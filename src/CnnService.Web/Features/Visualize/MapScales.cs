using CnnService.Core.Common;
using CnnService.Core.Interpretation;

namespace CnnService.Web.Features.Visualize;

/// <summary>The scales of feature maps by their names in a query.</summary>
internal static class MapScales
{
    public const string Names = "filter, layer or minmax";

    /// <summary>Null where there is no such scale.</summary>
    public static FeatureMapScale? Find(string? name) => WireName.Find<FeatureMapScale>(name);
}
