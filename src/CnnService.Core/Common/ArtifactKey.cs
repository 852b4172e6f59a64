using System.Text.RegularExpressions;

namespace CnnService.Core.Common;

/// <summary>
/// Names of objects: parts of letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, none of them only dots, joined by slashes.
/// </summary>
public static partial class ArtifactKey
{
    private const int MaxLength = 512;

    /// <summary>Whether a text is a key, or, with a slash at its end, the beginning of some.</summary>
    public static bool IsValid(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length <= MaxLength && Form().IsMatch(key)
            && !key.Split('/').Any(part => part.Length > 0 && part.All(letter => letter == '.'));
    }

    /// <summary>Returns the key.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Require(string key) => IsValid(key) ? key : throw new ArgumentException($"'{key}' is no key.", nameof(key));

    [GeneratedRegex("^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
