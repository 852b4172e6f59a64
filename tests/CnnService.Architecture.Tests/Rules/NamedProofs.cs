using System.Text.RegularExpressions;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>The proofs that a page names: <c>test NAME</c>, <c>core NAME</c>, <c>engine NAME</c>, <c>bench NAME</c>.</summary>
internal static partial class NamedProofs
{
    private static readonly Dictionary<string, string> Projects = new(StringComparer.Ordinal)
    {
        ["test"] = "CnnService.Web.Tests",
        ["core"] = "CnnService.Core.Tests",
        ["engine"] = "CnnService.Engine.Tests",
        ["bench"] = "CnnService.Benchmarks",
    };

    /// <summary>Those that do not exist: no test or class has the name, or begins with it; no scenario has it.</summary>
    /// <param name="root">Of the checkout.</param>
    /// <param name="page">Text of the page.</param>
    public static IReadOnlyList<string> Missing(string root, string page)
    {
        var texts = Projects.ToDictionary(project => project.Key, project => string.Join('\n', Directory
            .EnumerateFiles(Path.Combine(root, "tests", project.Value), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)));
        return [.. Proof().Matches(page).Where(proof => proof.Groups[2].Value != "NAME")
            .Where(proof => !Exists(texts[proof.Groups[1].Value], proof.Groups[1].Value, proof.Groups[2].Value))
            .Select(proof => proof.Value).Distinct()];
    }

    private static bool Exists(string text, string kind, string name) => kind == "bench"
        ? text.Contains($"[\"{name}\"] =", StringComparison.Ordinal)
        : name.Split('.').All(part => Regex.IsMatch(text, $@"\b{Regex.Escape(part)}\w*(\(| |$)", RegexOptions.Multiline));

    [GeneratedRegex(@"`(test|core|engine|bench) ([A-Za-z][\w.-]*)")]
    private static partial Regex Proof();
}
