namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over what types use; each answers its violations as sentences, none when it holds.</summary>
internal static class DependencyRules
{
    /// <summary>Types whose namespace starts with <paramref name="folder"/> use no type under any of <paramref name="forbidden"/>.</summary>
    public static IReadOnlyList<string> Forbid(IEnumerable<CodeType> types, string folder, params string[] forbidden) =>
        [.. from type in types
            where IsUnder(type.Namespace, folder)
            from used in type.Uses
            where forbidden.Any(root => IsUnder(used, root)) && !IsUnder(used, folder)
            select $"{type.FullName} uses {used}"];

    /// <summary>A package (by namespace) is used under the given namespaces only.</summary>
    public static IReadOnlyList<string> OnlyUnder(IEnumerable<CodeType> types, string package, params string[] allowed) =>
        [.. from type in types
            where !allowed.Any(root => IsUnder(type.Namespace, root))
            from used in type.Uses
            where IsUnder(used, package)
            select $"{type.FullName} uses {used}"];

    /// <summary>Sibling folders under <paramref name="parent"/> do not use one another.</summary>
    public static IReadOnlyList<string> Strangers(IReadOnlyCollection<CodeType> types, string parent)
    {
        var siblings = Children(types, parent);
        return [.. siblings.SelectMany(one => Forbid(types, one, [.. siblings.Where(other => other != one)]))];
    }

    /// <summary>The folders directly under <paramref name="parent"/> depend on one another without a cycle.</summary>
    public static IReadOnlyList<string> NoCycles(IReadOnlyCollection<CodeType> types, string parent)
    {
        var folders = Children(types, parent);
        var edges = folders.ToDictionary(
            folder => folder,
            folder => folders.Where(other => other != folder && Forbid(types, folder, other).Count > 0).ToArray());
        return [.. folders.Where(folder => Reaches(edges, folder, folder)).Select(folder => $"{folder} lies on a cycle: {Cycle(types, edges, folder)}")];
    }

    private static bool IsUnder(string name, string root) =>
        name == root || name.StartsWith(root + ".", StringComparison.Ordinal);

    private static string[] Children(IEnumerable<CodeType> types, string parent) =>
        [.. types.Where(type => type.Namespace.StartsWith(parent + ".", StringComparison.Ordinal))
            .Select(type => parent + "." + type.Namespace[(parent.Length + 1)..].Split('.')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)];

    private static bool Reaches(Dictionary<string, string[]> edges, string from, string target)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>(edges[from]);
        while (open.TryPop(out var next))
        {
            if (next == target)
            {
                return true;
            }

            if (seen.Add(next))
            {
                Array.ForEach(edges[next], open.Push);
            }
        }

        return false;
    }

    private static string Cycle(IReadOnlyCollection<CodeType> types, Dictionary<string, string[]> edges, string folder) =>
        string.Join("; ", edges[folder].Where(next => Reaches(edges, next, folder)).SelectMany(next => Forbid(types, folder, next)).Take(3));
}
