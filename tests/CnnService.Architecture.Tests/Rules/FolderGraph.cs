namespace CnnService.Architecture.Tests.Rules;

/// <summary>
/// The folders of a project as a graph. At every folder its children, each with all below it, and the folder's own files are the
/// nodes; an edge is a use of a type.
/// </summary>
internal sealed class FolderGraph
{
    private const int ShownUses = 3;

    private readonly string _parent;
    private readonly Dictionary<string, Dictionary<string, List<string>>> _uses = [];

    private FolderGraph(Dictionary<string, CodeType> types, string parent)
    {
        _parent = parent;
        foreach (var type in types.Values.Where(type => IsUnder(type.Namespace, parent)))
        {
            foreach (var used in type.Uses)
            {
                if (types.TryGetValue(used, out var other) && IsUnder(other.Namespace, parent))
                {
                    Add(Node(type.Namespace), Node(other.Namespace), $"{type.FullName} uses {used}");
                }
            }
        }
    }

    /// <summary>A sentence for each folder, at any depth below <paramref name="root"/>, that uses itself by way of another.</summary>
    public static IReadOnlyList<string> Cycles(IReadOnlyCollection<CodeType> types, string root)
    {
        var known = types.DistinctBy(type => type.FullName).ToDictionary(type => type.FullName);
        var folders = known.Values.SelectMany(type => Ancestors(type.Namespace)).Where(name => IsUnder(name, root)).Distinct();
        return [.. folders.Order(StringComparer.Ordinal).SelectMany(folder => new FolderGraph(known, folder).Cycles())];
    }

    private IEnumerable<string> Cycles() =>
        from node in _uses.Keys.Order(StringComparer.Ordinal)
        where Reaches(node, node)
        select $"{node} lies on a cycle: "
            + $"{string.Join("; ", _uses[node].Where(edge => Reaches(edge.Key, node)).SelectMany(edge => edge.Value).Take(ShownUses))}";

    private void Add(string from, string to, string use)
    {
        if (from == to)
        {
            return;
        }

        if (!_uses.TryGetValue(from, out var edges))
        {
            _uses[from] = edges = [];
        }

        if (!edges.TryGetValue(to, out var uses))
        {
            edges[to] = uses = [];
        }

        uses.Add(use);
    }

    private bool Reaches(string from, string target)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>(Next(from));
        while (open.TryPop(out var next))
        {
            if (next == target)
            {
                return true;
            }

            if (seen.Add(next))
            {
                Next(next).ForEach(open.Push);
            }
        }

        return false;
    }

    private List<string> Next(string node) => _uses.TryGetValue(node, out var edges) ? [.. edges.Keys] : [];

    private string Node(string name) =>
        name == _parent ? $"{_parent} (its own files)" : $"{_parent}.{name[(_parent.Length + 1)..].Split('.')[0]}";

    private static IEnumerable<string> Ancestors(string name)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            yield return name[..end];
        }
    }

    private static bool IsUnder(string name, string root) => name == root || name.StartsWith(root + ".", StringComparison.Ordinal);
}
