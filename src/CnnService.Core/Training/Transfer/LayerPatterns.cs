using System.IO.Enumeration;
using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Transfer;

/// <summary>
/// Matches layer names against glob patterns: <c>*</c> for any characters, <c>?</c> for one. Number and length of the patterns are bounded,
/// and the cost of each match by the product of two short lengths.
/// </summary>
internal static class LayerPatterns
{
    public const int MaxPatterns = 100;

    /// <summary>Maximum length of a pattern in characters: twice the length of a name.</summary>
    public const int MaxLength = 128;

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

        for (var i = 0; i < patterns.Count; i++)
        {
            Check(patterns[i], layers, $"{field}[{i}]", errors);
        }

        return [.. layers.Where(layer => patterns.Any(pattern => IsMatch(pattern, layer)))];
    }

    /// <summary>Learning rate factors by layer; the first pattern that matches a layer wins.</summary>
    public static IReadOnlyDictionary<string, double> MatchFactors(
        IReadOnlyDictionary<string, double> patterns, IReadOnlyList<string> layers, string field, ValidationErrors errors)
    {
        var factors = new Dictionary<string, double>(StringComparer.Ordinal);
        if (!errors.Require(patterns.Count <= MaxPatterns, field, $"must hold at most {MaxPatterns} patterns, received {patterns.Count}"))
        {
            return factors;
        }

        foreach (var (pattern, factor) in patterns)
        {
            var at = $"{field}.{ReceivedText.Text(pattern)}";
            errors.Require(factor is > 0 and <= 100, at, $"must be above 0 and at most 100, received {factor}");
            Check(pattern, layers, at, errors);
            foreach (var layer in layers.Where(layer => IsMatch(pattern, layer)))
            {
                factors.TryAdd(layer, factor);
            }
        }

        return factors;
    }

    /// <summary>Whether at least one layer with parameters is not frozen.</summary>
    public static bool LeavesTrainable(ResolvedNetwork network, IReadOnlyList<string> frozen) =>
        network.Layers.Any(layer => layer.Parameters > 0 && !frozen.Contains(layer.Name));

    private static void Check(string pattern, IReadOnlyList<string> layers, string path, ValidationErrors errors)
    {
        if (errors.Require(pattern.Length is > 0 and <= MaxLength, path,
            $"must have 1 to {MaxLength} characters, received {pattern.Length}"))
        {
            errors.Require(layers.Any(layer => IsMatch(pattern, layer)), path,
                $"must match a layer that exists before training, received \"{ReceivedText.Text(pattern)}\"; those are "
                + string.Join(", ", layers));
        }
    }

    private static bool IsMatch(string pattern, string layer) =>
        pattern.Length <= MaxLength && FileSystemName.MatchesSimpleExpression(pattern, layer, ignoreCase: false);
}
