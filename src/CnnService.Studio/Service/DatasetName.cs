using System.Text.RegularExpressions;

namespace CnnService.Studio.Service;

/// <summary>The rule that the service has for names of data sets and models.</summary>
internal static partial class DatasetName
{
    public const string Rule = "1 to 64 lower-case letters, digits, . _ or -, a letter or digit first.";

    public static bool IsValid(string name) => Allowed().IsMatch(name);

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$")]
    private static partial Regex Allowed();
}
