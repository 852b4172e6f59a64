using System.ComponentModel.DataAnnotations;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Datasets;

/// <summary>Server folders that data sets may be imported from; none by default.</summary>
internal sealed class ImportRootOptions : IValidatableObject
{
    public const string Section = "Datasets";

    private const int MaxLinks = 32;

    /// <summary>Absolute paths; default none.</summary>
    public IList<string> ImportRoots { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ImportRoots
        .Where(root => !Path.IsPathRooted(root) || !Directory.Exists(root))
        .Select(root => new ValidationResult($"Datasets:ImportRoots must name existing folders by their full path, received '{root}'."));

    /// <summary>The folder with symbolic links resolved, if it lies under a root.</summary>
    public Outcome<string> Resolve(string path)
    {
        if (ImportRoots.Count == 0)
        {
            return new Problem(ProblemKind.Forbidden, "dataset.no-import-root",
                "Importing from this machine's folders is off; set Datasets:ImportRoots to the folders that may be read.");
        }

        var isPath = Path.IsPathRooted(path) && !path.Contains('\0', StringComparison.Ordinal);
        if (!isPath || RealPath(path) is not { } real)
        {
            // Whether there is such a folder elsewhere is nobody's business.
            return isPath && !ImportRoots.Any(root => IsWithin(Path.GetFullPath(path), root))
                ? Outside(path)
                : Problem.Unprocessable("dataset.no-folder",
                    $"The path must be the full path of a folder that exists under {Choice()}, received '{ReceivedText.Text(path)}'.");
        }

        return ImportRoots.Select(root => RealPath(root)).Any(root => root is not null && IsWithin(real, root)) ? real : Outside(path);
    }

    private static bool IsWithin(string path, string root)
    {
        var folder = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
        return path.StartsWith(folder, StringComparison.Ordinal) || Path.TrimEndingDirectorySeparator(root) == path;
    }

    private Problem Outside(string path) => new(ProblemKind.Forbidden, "dataset.outside-import-root",
        $"The path must lie under {Choice()}, received '{ReceivedText.Text(path)}'.");

    private string Choice() => string.Join(" or ", ImportRoots.Select(root => $"'{root}'"));

    /// <summary>The path with every symbolic link on the way resolved; null if it is not a folder.</summary>
    private static string? RealPath(string path, int links = MaxLinks)
    {
        var real = Path.GetPathRoot(Path.GetFullPath(path))!;
        foreach (var part in Path.GetFullPath(path).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new DirectoryInfo(Path.Combine(real, part));
            if (!next.Exists)
            {
                return null;
            }

            // A link may lead through other links: its target is resolved from the root again.
            if (next.LinkTarget is null)
            {
                real = next.FullName;
            }
            else if (links > 0 && next.ResolveLinkTarget(returnFinalTarget: false) is { } target
                && RealPath(target.FullName, links - 1) is { } resolved)
            {
                real = resolved;
            }
            else
            {
                return null;
            }
        }

        return Path.TrimEndingDirectorySeparator(real);
    }
}
