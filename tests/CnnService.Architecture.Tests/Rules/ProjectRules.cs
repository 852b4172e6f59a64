namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over project files; each answers its violations as sentences, none when it holds.</summary>
internal static class ProjectRules
{
    /// <summary>Every project stands in the table and refers to no project of ours but those that the table gives it.</summary>
    public static IReadOnlyList<string> Star(IEnumerable<ProjectFile> projects, IReadOnlyDictionary<string, string[]> sees) =>
        [.. from project in projects
            let allowed = sees.GetValueOrDefault(project.Name)
            from violation in allowed is null
                ? [$"{project.Name} has no place in the star of projects"]
                : project.Projects.Except(allowed).Select(other => $"{project.Name} refers to {other}")
            select violation];

    /// <summary>A package whose name starts with a fenced one is named by its owners alone.</summary>
    public static IReadOnlyList<string> OneOwner(IEnumerable<ProjectFile> projects, IReadOnlyDictionary<string, string[]> ownersOf) =>
        [.. from project in projects
            from package in project.Packages
            from fence in ownersOf
            where package.StartsWith(fence.Key, StringComparison.Ordinal) && !fence.Value.Contains(project.Name)
            select $"{project.Name} refers to {package}, which belongs to {string.Join(" and ", fence.Value)}"];
}
