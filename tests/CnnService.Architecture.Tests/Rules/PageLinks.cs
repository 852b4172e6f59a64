using System.Text.RegularExpressions;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Links between the pages of the repository.</summary>
internal static partial class PageLinks
{
    /// <summary>
    /// Links of a page to files or headings that do not exist; addresses of the web are not looked at.
    /// </summary>
    /// <param name="root">Folder of the repository.</param>
    /// <param name="page">Path of the page under it.</param>
    /// <param name="text">The page's text.</param>
    public static IReadOnlyList<string> Dead(string root, string page, string text)
    {
        var folder = Path.GetDirectoryName(Path.Combine(root, page))!;
        return [.. from match in Link().Matches(text)
            let target = match.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            let parts = target.Split('#', 2)
            let path = parts[0].Length == 0 ? Path.Combine(root, page) : Path.GetFullPath(Path.Combine(folder, parts[0]))
            where !IsAlive(path, parts.ElementAtOrDefault(1))
            select $"{page} links to {target}"];
    }

    private static bool IsAlive(string path, string? heading) => heading is null
        ? File.Exists(path) || Directory.Exists(path)
        : File.Exists(path) && Headings(File.ReadAllText(path)).Contains(heading);

    /// <summary>Anchors as the usual renderers of Markdown make them: lower case, spaces to hyphens, punctuation dropped.</summary>
    private static IEnumerable<string> Headings(string text) => Heading().Matches(text).Select(match =>
        Punctuation().Replace(match.Groups["title"].Value.Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
