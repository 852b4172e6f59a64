using System.Collections.Frozen;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;

namespace CnnService.Web.Features.Explain;

/// <summary>
/// Rejects parameters that would have no effect in a request, so that the result is not mistaken for what was requested. An empty parameter
/// counts as absent. A seed is accepted with every method: deterministic ones give the same result for each.
/// </summary>
internal static class InapplicableParameters
{
    private static readonly ExplainMethod[] OfLayers = [.. Enum.GetValues<ExplainMethod>().Where(ExplainMethods.UsesLayer)];

    private static readonly FrozenDictionary<string, ExplainMethod[]> Users = new Dictionary<string, ExplainMethod[]>
    {
        ["layer"] = OfLayers,
        ["samples"] = [ExplainMethod.SmoothGrad, ExplainMethod.Rise, ExplainMethod.ScoreCam],
        ["noise"] = [ExplainMethod.SmoothGrad],
        ["steps"] = [ExplainMethod.IntegratedGradients],
        ["baseline"] = [ExplainMethod.IntegratedGradients],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <param name="request">The request as it was sent.</param>
    /// <param name="method">Null if the name is unknown, and with it the parameters in use.</param>
    /// <param name="errors">Receives an error for each parameter without effect.</param>
    public static void Check(HttpRequest request, ExplainMethod? method, ValidationErrors errors)
    {
        foreach (var name in request.Query.Keys)
        {
            if (method is { } known && !string.IsNullOrEmpty(request.Query[name]) && Users.TryGetValue(name, out var users))
            {
                errors.Require(
                    users.Contains(known),
                    name.ToLowerInvariant(),
                    $"goes with method={string.Join(", ", users.Select(method => method.ToWireName()))} only, not with "
                    + $"{known.ToWireName()}");
            }
        }
    }
}
