using System.Text.RegularExpressions;
using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Transfer;

/// <summary>Matches layer names against glob patterns: <c>*</c> for any characters, <c>?</c> for one.</summary>
internal static class LayerPatterns
{
    private const int MaxPatterns = 100;

    /// <summary>The layers that match, in the network's order; each pattern must match at least one.</summary>
    /// <param name="patterns">As received.</param>
    /// <param name="layers">The existing layer names.</param>
    /// <param name="field">JSON path of the patterns in the request.</param>
    /// <param name="errors">Receives the patterns that match nothing.</param>
    public static IReadOnlyList<string> Match(
        IReadOnlyList<string> patterns, IReadOnlyList<string> layers, string field, ValidationErrors errors)
    {
        if (!errors.Require(patterns.Count <= MaxPatterns, field, $"must hold at most {MaxPatterns} patterns, received {patterns.Count}"))
        {
            return [];
        }

        var tests = patterns.Select(Test).ToArray();
        for (var i = 0; i < tests.Length; i++)
        {
            errors.Require(layers.Any(tests[i]), $"{field}[{i}]",
                $"must match a layer that exists before training, received \"{patterns[i]}\"; those are {string.Join(", ", layers)}");
        }

        return [.. layers.Where(layer => tests.Any(test => test(layer)))];
    }

    /// <summary>Learning rate factors by layer; the first pattern that matches a layer wins.</summary>
    public static IReadOnlyDictionary<string, double> MatchFactors(
        IReadOnlyDictionary<string, double> patterns, IReadOnlyList<string> layers, string field, ValidationErrors errors)
    {
        var factors = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (pattern, factor) in patterns.Take(MaxPatterns))
        {
            errors.Require(factor is > 0 and <= 100, $"{field}.{pattern}", $"must be above 0 and at most 100, received {factor}");
            var named = Match([pattern], layers, $"{field}.{pattern}", errors);
            foreach (var layer in named)
            {
                factors.TryAdd(layer, factor);
            }
        }

        return factors;
    }

    /// <summary>Whether at least one layer with parameters is not frozen.</summary>
    public static bool LeavesTrainable(ResolvedNetwork network, IReadOnlyList<string> frozen) =>
        network.Layers.Any(layer => layer.Parameters > 0 && !frozen.Contains(layer.Name));

    private static Func<string, bool> Test(string pattern)
    {
        var expression = new Regex(
            $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$",
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return expression.IsMatch;
    }
}
