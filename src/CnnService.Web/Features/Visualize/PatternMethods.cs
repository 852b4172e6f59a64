using CnnService.Core.Common;
using CnnService.Core.Interpretation;

namespace CnnService.Web.Features.Visualize;

/// <summary>The methods by their names in a query.</summary>
internal static class PatternMethods
{
    public const string Names = "natural, quick or article";

    /// <summary>Null where there is no such method.</summary>
    public static PatternMethod? Find(string? name) => WireName.Find<PatternMethod>(name);
}
