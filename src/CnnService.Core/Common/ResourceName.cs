using System.Text.RegularExpressions;

namespace CnnService.Core.Common;

/// <summary>Naming rules of data sets, models, layers and classes, defined here only.</summary>
public static partial class ResourceName
{
    public const string Rule = "must match [a-z0-9][a-z0-9._-]{0,63}";

    public const string LayerRule = "must match [A-Za-z0-9_][A-Za-z0-9._-]{0,63}";

    public const string ClassRule = "must be 1 to 100 characters without control or bidirectional formatting characters";

    /// <summary>Names of data sets, models and aliases.</summary>
    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    /// <summary>Layer names: upper case is allowed too, and a leading underscore.</summary>
    public static bool IsLayer(string? name) => name is not null && LayerPattern().IsMatch(name);

    /// <summary>
    /// Class names: any Unicode text of 1 to 100 UTF-16 code units, not only white space, without control or bidirectional
    /// formatting characters.
    /// </summary>
    public static bool IsClass(string? name) =>
        name is { Length: >= 1 and <= 100 } && !string.IsNullOrWhiteSpace(name) && !name.Any(c => char.IsControl(c) || IsBidi(c));

    private static bool IsBidi(char c) => c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F';

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex LayerPattern();
}
