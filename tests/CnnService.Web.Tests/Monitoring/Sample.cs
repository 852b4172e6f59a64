using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnService.Web.Tests.Monitoring;

/// <summary>A line of the Prometheus text format.</summary>
internal sealed partial record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public static async Task<IReadOnlyList<Sample>> ScrapeAsync(HttpClient client) =>
        [.. (await client.GetStringAsync(CnnServiceApplication.Relative("metrics"))).Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#').Select(Parse)];

    public bool Has(string label, string value) => Labels.TryGetValue(label, out var own) && own == value;

    private static Sample Parse(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, line);
        var labels = Label().Matches(match.Groups["labels"].Value)
            .ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value);
        return new(match.Groups["name"].Value, labels,
            double.Parse(match.Groups["value"].Value.Replace("+Inf", "∞", StringComparison.Ordinal), CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("""\A(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?\z""")]
    private static partial Regex Line();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\.)*)"(,|\z)""")]
    private static partial Regex Label();
}
