using System.Collections.Frozen;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;

namespace CnnService.Web.Features.Explain;

/// <summary>
/// Parameters that would have no effect in a call: refused, so that nobody takes the answer for what was asked. An empty one asks for
/// nothing; a seed goes with every method, since some need no chance and give the same for each.
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

    /// <param name="request">As it was sent.</param>
    /// <param name="method">Null where there is none of that name: then nothing is known about what it uses.</param>
    /// <param name="errors">Gets a broken rule for each parameter without effect.</param>
    public static void Check(HttpRequest request, ExplainMethod? method, ValidationErrors errors)
    {
        var isPost = HttpMethods.IsPost(request.Method);
        foreach (var name in request.Query.Keys)
        {
            errors.Require(!isPost || !name.Equals("image", StringComparison.OrdinalIgnoreCase), "image",
                "goes with GET only: a posted image is the one that is explained");
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
