using System.Text.RegularExpressions;

namespace CnnService.Web.Features.Manual;

/// <summary>
/// Where a file of the repository is found under /docs. All pages lie at one level and pictures in one folder, so that every link is
/// relative and holds behind a proxy that adds a prefix.
/// </summary>
internal static partial class ManualAddresses
{
    /// <summary>The page that lists the others; its address is empty.</summary>
    public const string Front = $"{Pages}/README.md";

    /// <summary>Address of the list of decisions, which no file is.</summary>
    public const string Decisions = "decisions";

    public const string DecisionFolder = "src/decisions";

    private const string Pages = "src/docs";
    private const string Pictures = "pictures";
    private const string Extension = ".md";

    /// <summary>The address of a file: <c>data</c> for src/docs/data.md, <c>pictures/gallery/maps.png</c> for .gallery/maps.png.</summary>
    /// <param name="path">In the repository, with slashes.</param>
    public static string Of(string path)
    {
        if (path is Front or DecisionFolder)
        {
            return path == Front ? string.Empty : Decisions;
        }

        if (!path.EndsWith(Extension, StringComparison.Ordinal))
        {
            return $"{Pictures}/{Own(path, $"{Pages}/{Pictures}/").TrimStart('.')}";
        }

        var name = Own(Own(path[..^Extension.Length], $"{Pages}/"), $"{DecisionFolder}/");
        var folder = Own(name, "src/").ToLowerInvariant().Replace("/readme", string.Empty, StringComparison.Ordinal);
        return Odd().Replace(folder, "-").Trim('-');
    }

    /// <summary>The file that a link of a page leads to.</summary>
    /// <param name="page">The page's path in the repository.</param>
    /// <param name="link">As it stands in the page, without what follows <c>#</c>; empty: the page itself.</param>
    public static string Resolve(string page, string link)
    {
        if (link.Length == 0)
        {
            return page;
        }

        var parts = new Stack<string>(page.Split('/')[..^1]);
        foreach (var part in link.Split('/'))
        {
            if (part == "..")
            {
                parts.TryPop(out _);
            }
            else if (part is not (".." or "." or ""))
            {
                parts.Push(part);
            }
        }

        return string.Join('/', parts.Reverse());
    }

    private static string Own(string path, string start) =>
        path.StartsWith(start, StringComparison.Ordinal) ? path[start.Length..] : path;

    [GeneratedRegex("[^a-z0-9-]+")]
    private static partial Regex Odd();
}
