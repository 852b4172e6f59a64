using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over source text; each answers its violations as sentences, none when it holds.</summary>
internal static class SourceRules
{
    public const int MaxFileLines = 350;

    public const int MaxMethodLines = 60;

    public static IReadOnlyList<string> Lengths(string name, string text)
    {
        var tree = CSharpSyntaxTree.ParseText(text);
        var lines = text.Split('\n').Length - (text.EndsWith('\n') ? 1 : 0);
        var tooLong = tree.GetRoot().DescendantNodes()
            .Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
            .Where(node => Lines(node) > MaxMethodLines)
            .Select(node => $"{name}: a method at line {node.GetLocation().GetLineSpan().StartLinePosition.Line + 1} has {Lines(node)} lines");
        return lines > MaxFileLines ? [$"{name} has {lines} lines", .. tooLong] : [.. tooLong];
    }

    private static int Lines(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
