using System.Text.RegularExpressions;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over who may see a type; each answers its violations as sentences, none when it holds.</summary>
internal static partial class VisibilityRules
{
    /// <summary>
    /// A type is public because another project names it, or because the signature of such a type does. Judged by names in the
    /// sources, so that a name that two types share is given the benefit of the doubt.
    /// </summary>
    public static IReadOnlyList<string> NeedlesslyPublic(
        IReadOnlyCollection<Type> types, IReadOnlyCollection<(string Name, string Text)> sources)
    {
        var words = sources.GroupBy(source => source.Name.Split('/')[1])
            .ToDictionary(project => project.Key,
                project => project.SelectMany(source => Words().Matches(source.Text).Select(match => match.Value)).ToHashSet());
        var needed = types.Where(type => words.Any(project => project.Key != ProjectOf(type) && NamesOf(type).Any(project.Value.Contains)))
            .ToHashSet();
        var open = new Queue<Type>(needed);
        while (open.TryDequeue(out var type))
        {
            foreach (var named in TypeRules.InSignatures(type).Where(named => types.Contains(named) && needed.Add(named)))
            {
                open.Enqueue(named);
            }
        }

        return [.. types.Where(type => !type.IsNested && !needed.Contains(type) && !IsMigration(type))
            .Select(type => $"{type.FullName} is public and needed by no other project")];
    }

    private static string ProjectOf(Type type) => type.Assembly.GetName().Name is "cnn" ? "CnnService.Cli" : type.Assembly.GetName().Name!;

    /// <summary>A static class is known by its methods too, which extend other types.</summary>
    private static IEnumerable<string> NamesOf(Type type) =>
        [type.Name.Split('`')[0], .. type is { IsAbstract: true, IsSealed: true } ? type.GetMethods().Select(method => method.Name) : []];

    private static bool IsMigration(Type type) => type.Namespace?.Contains(".Migrations", StringComparison.Ordinal) == true;

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
