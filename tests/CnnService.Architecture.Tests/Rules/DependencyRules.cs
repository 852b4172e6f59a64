namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over what types use; each answers its violations as sentences, none when it holds.</summary>
internal static class DependencyRules
{
    /// <summary>Types whose namespace starts with <paramref name="folder"/> use no type under any of
    /// <paramref name="forbidden"/>.</summary>
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

    /// <summary>Sibling folders under <paramref name="parent"/> do not use one another, those that are shared apart.</summary>
    public static IReadOnlyList<string> Strangers(IReadOnlyCollection<CodeType> types, string parent, params string[] shared)
    {
        string[] siblings = [.. Children(types, parent).Except(shared).Select(name => $"{parent}.{name}")];
        return [.. siblings.SelectMany(one => Forbid(types, one, [.. siblings.Where(other => other != one)]))];
    }

    /// <summary>
    /// The folders under <paramref name="root"/> lie in layers, lowest first; no layer uses a higher one, and no folder lies in none.
    /// </summary>
    public static IReadOnlyList<string> Layered(IReadOnlyCollection<CodeType> types, string root, params string[][] layers) =>
    [
        .. Children(types, root).Except(layers.SelectMany(layer => layer)).Select(name => $"{root}.{name} lies in no layer"),
        .. from lower in Enumerable.Range(0, layers.Length)
           let higher = layers.Skip(lower + 1).SelectMany(layer => layer).Select(name => $"{root}.{name}").ToArray()
           from folder in layers[lower]
           from violation in Forbid(types, $"{root}.{folder}", higher)
           select violation,
    ];

    private static bool IsUnder(string name, string root) =>
        name == root || name.StartsWith(root + ".", StringComparison.Ordinal);

    /// <summary>Names of the folders under <paramref name="parent"/>.</summary>
    public static string[] Children(IEnumerable<CodeType> types, string parent) =>
        [.. types.Where(type => type.Namespace.StartsWith(parent + ".", StringComparison.Ordinal))
            .Select(type => type.Namespace[(parent.Length + 1)..].Split('.')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)];
}
