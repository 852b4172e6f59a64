using System.Text.RegularExpressions;

namespace CnnService.Web.Tests.Monitoring;

/// <summary>As much of Prometheus's query language as tells which series and labels an expression names.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = ["group_left", "group_right", "and", "or", "unless", "bool", "offset"];

    /// <summary>Each series, with the labels that are asked of it.</summary>
    public static IEnumerable<(string Name, string[] Labels)> Series(string expression)
    {
        var bare = Grouping().Replace(Range().Replace(expression, string.Empty), string.Empty);
        foreach (Match match in Named().Matches(Matcher().Replace(bare, labels => Braces(labels.Value))))
        {
            if (!Words.Contains(match.Groups["name"].Value))
            {
                yield return (match.Groups["name"].Value, match.Groups["labels"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries));
            }
        }
    }

    /// <summary>The labels that series are put together by.</summary>
    public static IEnumerable<string> GroupedBy(string expression) =>
        Grouping().Matches(expression).SelectMany(
            match => match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Matchers without their values, which may hold anything.</summary>
    private static string Braces(string matchers) =>
        $"{{{string.Join(',', Label().Matches(matchers).Select(label => label.Groups["name"].Value))}}}";

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("""\{([^}"]|"([^"\\]|\\.)*")*\}""")]
    private static partial Regex Matcher();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"([^"\\]|\\.)*""")]
    private static partial Regex Label();

    /// <summary>A name that is no function's and stands outside braces.</summary>
    [GeneratedRegex(@"(?<![\w{,])(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\b(?!\s*\()(\{(?<labels>[^}]*)\})?")]
    private static partial Regex Named();
}
