using System.Text.RegularExpressions;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over the scripts of the page; each answers its violations as sentences, none when it holds.</summary>
internal static partial class PageScripts
{
    /// <summary>Scripts do what browsers give to scripts alone; they call nobody.</summary>
    public static IReadOnlyList<string> Calls(string name, string text) =>
        [.. text.Split('\n').Index().Where(line => Call().IsMatch(line.Item))
            .Select(line => $"{name}:{line.Index + 1} calls: {line.Item.Trim()}")];

    [GeneratedRegex(@"\b(fetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon)|https?://")]
    private static partial Regex Call();
}
