using System.Text.RegularExpressions;

namespace CnnService.Core.Models.Import;

/// <summary>Finds the network's layer that each of the file's layers stands for: by name first, then by order.</summary>
/// <param name="tensors">The network's.</param>
/// <param name="convention">The file's.</param>
/// <param name="published">The names of the preset the network is made of; null where it is of none.</param>
internal sealed partial class LayerMatcher(
    IReadOnlyList<NetworkTensor> tensors, WeightConvention convention, PublishedNames? published)
{
    /// <summary>What PyTorch puts before every name of a network that is wrapped or saved as a part of something.</summary>
    private static readonly string[] Wrappers = ["module.", "model.", "_orig_mod."];

    private readonly HashSet<string> _layers = tensors.Select(tensor => tensor.Layer.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The path without the wrappers before it.</summary>
    public static string Unwrap(string path)
    {
        while (Array.Find(Wrappers, wrapper => path.StartsWith(wrapper, StringComparison.Ordinal)) is { } found)
        {
            path = path[found.Length..];
        }

        return path;
    }

    /// <summary>From the path of a source layer to the layer of the network; paths that stand for none are left out.</summary>
    /// <param name="source">In the order of the file.</param>
    public Dictionary<string, LayerMatch> Match(IReadOnlyList<SourceLayer> source)
    {
        var matches = ByName([.. source.Select(layer => layer.Path)]);
        if (convention != WeightConvention.Own)
        {
            AddByOrder(source, matches);
        }

        return matches;
    }

    /// <summary>The kind and shape that layers must have in common to be matched by order.</summary>
    public static string Signature(bool isNormalization, IReadOnlyList<int> shape) =>
        $"{(isNormalization ? "normalization" : "kernel")} {string.Join('x', shape)}";

    /// <summary>Of the ways to shorten all paths, the first that gives the most layers.</summary>
    private Dictionary<string, LayerMatch> ByName(string[] paths)
    {
        var best = new Dictionary<string, LayerMatch>(StringComparer.Ordinal);
        foreach (var shortened in Shortened(paths))
        {
            var found = Named(paths, shortened);
            if (found.Count > best.Count)
            {
                best = found;
            }
        }

        return best;
    }

    private Dictionary<string, LayerMatch> Named(string[] paths, string[] shortened)
    {
        var counted = HasCountsOfItsOwn(shortened);
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
            else if (_layers.Contains(shortened[i]) && !(counted && CountedName().IsMatch(shortened[i])))
            {
                found.Add(paths[i], new(shortened[i], MatchKind.Name));
            }
        }

        return found;
    }

    /// <summary>
    /// Keras numbers unnamed layers from none (<c>conv2d</c>, <c>conv2d_1</c>), or goes on from the network before: such names
    /// count as names only where all of them are the network's.
    /// </summary>
    private bool HasCountsOfItsOwn(string[] paths) =>
        convention == WeightConvention.Keras && paths.Any(path => CountedName().IsMatch(path) && !_layers.Contains(path));

    private IEnumerable<string[]> Shortened(string[] paths)
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
    /// Layers of one kind and shape, as many in the file as in the network and none of them known by name, stand for one
    /// another in their order.
    /// </summary>
    private void AddByOrder(IReadOnlyList<SourceLayer> source, Dictionary<string, LayerMatch> matches)
    {
        var named = matches.Values.Select(match => match.Layer).ToHashSet(StringComparer.Ordinal);
        var ours = tensors
            .Where(tensor => tensor.Part == TensorPart.Weight)
            .ToLookup(tensor => Signature(tensor.IsOfNormalization, tensor.Shape), tensor => tensor.Layer.Name);
        foreach (var group in Ordered(source).Where(layer => layer.Signature is not null).GroupBy(layer => layer.Signature!))
        {
            string[] theirs = [.. group.Select(layer => layer.Path)];
            string[] candidates = [.. ours[group.Key]];
            if (theirs.Length != candidates.Length || theirs.Any(matches.ContainsKey) || candidates.Any(named.Contains))
            {
                continue;
            }

            for (var i = 0; i < theirs.Length; i++)
            {
                matches.Add(theirs[i], new(candidates[i], MatchKind.Order));
            }
        }
    }

    /// <summary>
    /// The order of the file; where that is the alphabet's, as most writers of the format leave it, the order of the numbers
    /// in the names.
    /// </summary>
    private static IEnumerable<SourceLayer> Ordered(IReadOnlyList<SourceLayer> source)
    {
        var isSorted = source.Zip(source.Skip(1)).All(pair => string.CompareOrdinal(pair.First.Path, pair.Second.Path) < 0);
        return isSorted ? source.OrderBy(layer => layer.Path, NaturalOrder.Comparer) : source;
    }

    [GeneratedRegex(@"\A(conv2d|dense|batch_normalization|depthwise_conv2d)(_\d{1,9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CountedName();
}

/// <param name="Layer">The network's.</param>
/// <param name="Kind">How it was found.</param>
internal sealed record LayerMatch(string Layer, MatchKind Kind);
