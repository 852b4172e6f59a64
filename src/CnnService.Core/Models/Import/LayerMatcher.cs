using System.Text.RegularExpressions;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>Matches the file's layers to the network's layers: by name first, then by order.</summary>
/// <param name="tensors">The network's tensors.</param>
/// <param name="convention">The file's naming convention.</param>
/// <param name="published">Published names of the network's preset; null where it is not a preset.</param>
internal sealed partial class LayerMatcher(
    IReadOnlyList<NetworkTensor> tensors, WeightConvention convention, PublishedNames? published)
{
    /// <summary>Prefixes that PyTorch adds to every name of a network that is wrapped or saved as part of another module.</summary>
    private static readonly string[] Wrappers = ["module.", "model.", "_orig_mod."];

    private readonly HashSet<string> _layers = tensors.Select(tensor => tensor.Layer.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The path without wrapper prefixes.</summary>
    public static string Unwrap(string path)
    {
        while (Array.Find(Wrappers, wrapper => path.StartsWith(wrapper, StringComparison.Ordinal)) is { } found)
        {
            path = path[found.Length..];
        }

        return path;
    }

    /// <summary>
    /// Matches by path of the source layer; paths without a counterpart are left out. Problem code: <c>weights.ambiguous</c>.
    /// </summary>
    /// <param name="source">In file order.</param>
    public Outcome<Dictionary<string, LayerMatch>> Match(IReadOnlyList<SourceLayer> source)
    {
        var matches = ByName([.. source.Select(layer => layer.Path)]);
        return convention != WeightConvention.Own && AddByOrder(source, matches) is { } problem ? problem : matches;
    }

    /// <summary>Kind and weight shape; layers are matched by order only within equal signatures.</summary>
    public static string Signature(bool isNormalization, IReadOnlyList<int> shape) =>
        $"{(isNormalization ? "normalization" : "kernel")} {string.Join('x', shape)}";

    /// <summary>Tries increasingly shortened paths and takes the first that matches the most layers.</summary>
    private Dictionary<string, LayerMatch> ByName(string[] paths)
    {
        var best = new Dictionary<string, LayerMatch>(StringComparer.Ordinal);
        foreach (var shortened in ShortenedPaths(paths))
        {
            var found = MatchNames(paths, shortened);
            if (found.Count > best.Count)
            {
                best = found;
            }
        }

        return best;
    }

    private Dictionary<string, LayerMatch> MatchNames(string[] paths, string[] shortened)
    {
        var counted = HasOwnNumbering(shortened);
        var found = new Dictionary<string, LayerMatch>(StringComparer.Ordinal);
        for (var i = 0; i < paths.Length; i++)
        {
            if (convention == WeightConvention.PyTorch
                && published is not null
                && published.PyTorch.TryGetValue(shortened[i], out var layer)
                && _layers.Contains(layer))
            {
                found.Add(paths[i], new(layer, MatchKind.PublishedName));
            }
            else if (_layers.Contains(shortened[i]) && !(counted && NumberedName().IsMatch(shortened[i])))
            {
                found.Add(paths[i], new(shortened[i], MatchKind.Name));
            }
        }

        return found;
    }

    /// <summary>
    /// Keras numbers unnamed layers starting without a number (<c>conv2d</c>, <c>conv2d_1</c>), or continues from an earlier network: such
    /// names are matched by name only where all of them are the network's.
    /// </summary>
    private bool HasOwnNumbering(string[] paths) =>
        convention == WeightConvention.Keras && paths.Any(path => NumberedName().IsMatch(path) && !_layers.Contains(path));

    private IEnumerable<string[]> ShortenedPaths(string[] paths)
    {
        yield return paths;
        if (convention == WeightConvention.Own || paths.Length == 0)
        {
            yield break;
        }

        paths = [.. paths.Select(Unwrap)];
        yield return paths;
        while (paths[0].IndexOf('.', StringComparison.Ordinal) is > 0 and var cut)
        {
            var first = paths[0][..(cut + 1)];
            if (!Array.TrueForAll(paths, path => path.StartsWith(first, StringComparison.Ordinal)))
            {
                yield break;
            }

            paths = [.. paths.Select(path => path[first.Length..])];
            yield return paths;
        }
    }

    /// <summary>
    /// Layers of one signature are matched in their order if the file and the network have equally many and none of them is matched
    /// by name. That order is the file's; where its writer sorted by name, it is that of the numbers in the names, and names that differ
    /// in more than numbers do not tell it: the problem <c>weights.ambiguous</c>.
    /// </summary>
    private Problem? AddByOrder(IReadOnlyList<SourceLayer> source, Dictionary<string, LayerMatch> matches)
    {
        var named = matches.Values.Select(match => match.Layer).ToHashSet(StringComparer.Ordinal);
        var ours = tensors
            .Where(tensor => tensor.Part == TensorPart.Weight)
            .ToLookup(tensor => Signature(tensor.BelongsToNormalization, tensor.Shape), tensor => tensor.Layer.Name);
        var isSorted = IsSortedByWriter(source);
        foreach (var group in source.Where(layer => layer.Signature is not null).GroupBy(layer => layer.Signature!))
        {
            string[] theirs = [.. group.Select(layer => layer.Path)];
            string[] candidates = [.. ours[group.Key]];
            if (theirs.Length != candidates.Length || theirs.Any(matches.ContainsKey) || candidates.Any(named.Contains))
            {
                continue;
            }

            if (isSorted && theirs.Select(WithoutNumbers).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                return Ambiguous(theirs, candidates);
            }

            theirs = isSorted ? [.. theirs.Order(NaturalOrder.Comparer)] : theirs;
            for (var i = 0; i < theirs.Length; i++)
            {
                matches.Add(theirs[i], new(candidates[i], MatchKind.Order));
            }
        }

        return null;
    }

    /// <summary>
    /// Whether the order of the file is that of the alphabet within each type, as the format's own writer leaves it: by type, and then by
    /// name. The order that the layers had in the network is then lost.
    /// </summary>
    private static bool IsSortedByWriter(IReadOnlyList<SourceLayer> source) => source.Zip(source.Skip(1)).All(
        pair => pair.First.Type != pair.Second.Type || string.CompareOrdinal(pair.First.Path, pair.Second.Path) < 0);

    private static string WithoutNumbers(string path) => Numbers().Replace(path, "#").TrimEnd('#');

    private static Problem Ambiguous(string[] theirs, string[] candidates) => Problem.Unprocessable("weights.ambiguous",
        $"The layers {List(theirs)} of the file have the same shape and stand in the order of the alphabet, so that nothing tells which of "
        + $"{List(candidates)} each of them is: name the architecture's layers as the file does.");

    private static string List(string[] names) =>
        Listing.First([.. names.Select(name => $"'{ReceivedText.Text(name)}'")], 4);

    [GeneratedRegex(@"\A(conv2d|dense|batch_normalization|depthwise_conv2d)(_\d{1,9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberedName();

    [GeneratedRegex(@"[\d._-]*\d[\d._-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}

/// <param name="Layer">Name of the network's layer.</param>
/// <param name="Kind">How it was found.</param>
internal sealed record LayerMatch(string Layer, MatchKind Kind);
