using CnnService.Core.Common;
using CnnService.Core.Interpretation;

namespace CnnService.Web.Features.Visualize;

/// <summary>The recipes by their names in a query.</summary>
internal static class PatternRecipes
{
    public const string Names = "natural, quick or article";

    /// <summary>Null where there is no such recipe.</summary>
    public static PatternRecipe? Find(string? name) => WireName.Find<PatternRecipe>(name);
}
