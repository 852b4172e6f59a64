using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over source text; each answers its violations as sentences, none when it holds.</summary>
internal static class SourceRules
{
    public const int MaxFileLines = 350;

    public const int MaxMethodLines = 60;

    private const string LineLengthKey = "max_line_length";

    private const string StaticTorch = "TorchSharp.torch";

    /// <summary>Functions of libtorch that make a tensor on the processor's memory where no device is named.</summary>
    private static readonly HashSet<string> TensorFactories =
    [
        "tensor", "as_tensor", "from_array", "zeros", "ones", "empty", "empty_strided", "full", "eye",
        "arange", "linspace", "logspace", "rand", "randn", "randint", "randperm", "tril_indices", "triu_indices",
        "bartlett_window", "blackman_window", "hamming_window", "hann_window", "kaiser_window", "sparse_coo_tensor",
    ];

    public static IReadOnlyList<string> Lengths(string name, string text)
    {
        var lines = text.Split('\n').Length - (text.EndsWith('\n') ? 1 : 0);
        var tooLong = Nodes<SyntaxNode>(text)
            .Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
            .Where(node => Lines(node) > MaxMethodLines)
            .Select(node => $"{name}: a method at line {Line(node)} has {Lines(node)} lines");
        return lines > MaxFileLines ? [$"{name} has {lines} lines", .. tooLong] : [.. tooLong];
    }

    /// <summary>The length of a line that an .editorconfig declares.</summary>
    public static int MaxLineLength(string editorConfig) => editorConfig.Split('\n')
        .Select(line => line.Split('='))
        .Where(pair => pair.Length == 2 && pair[0].Trim() == LineLengthKey)
        .Select(pair => int.Parse(pair[1], CultureInfo.InvariantCulture))
        .Single();

    /// <summary>Lines over the length. One that holds a raw string literal is data, which a line break would change.</summary>
    public static IReadOnlyList<string> LineLengths(string name, string text, int max)
    {
        if (!text.Split('\n').Any(line => line.Length > max))
        {
            return [];
        }

        var data = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantTokens()
            .Where(token => token.Kind() is SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken)
            .SelectMany(token =>
            {
                var node = token.Parent is InterpolatedStringExpressionSyntax whole ? whole.GetLocation() : token.GetLocation();
                var span = node.GetLineSpan();
                return Enumerable.Range(span.StartLinePosition.Line, span.EndLinePosition.Line - span.StartLinePosition.Line + 1);
            }).ToHashSet();
        return [.. text.Split('\n').Index().Where(line => line.Item.Length > max && !data.Contains(line.Index))
            .Select(line => $"{name}:{line.Index + 1} has {line.Item.Length} characters")];
    }

    /// <summary>Nothing here has a synchronization context to leave: <c>ConfigureAwait(false)</c> says nothing.</summary>
    public static IReadOnlyList<string> ConfigureAwait(string name, string text) =>
        [.. from call in Nodes<InvocationExpressionSyntax>(text)
            where NameOf(call) == "ConfigureAwait" && call.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax }]
            select $"{name}:{Line(call)} configures an await"];

    /// <summary>A task is awaited: <c>GetAwaiter().GetResult()</c> holds a thread until it ends.</summary>
    public static IReadOnlyList<string> BlockingAwaiters(string name, string text) =>
        [.. from call in Nodes<InvocationExpressionSyntax>(text)
            where NameOf(call) == "GetResult"
                && call.Expression is MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax inner }
                && NameOf(inner) == "GetAwaiter"
            select $"{name}:{Line(call)} blocks on a task"];

    /// <summary>Every call of a tensor factory names its device; a default would tie the code to the processor.</summary>
    public static IReadOnlyList<string> UnnamedDevices(string name, string text)
    {
        var root = CSharpSyntaxTree.ParseText(text).GetRoot();
        var torch = root.DescendantNodes().OfType<UsingDirectiveSyntax>()
            .Where(directive => directive.Name?.ToString() == StaticTorch).ToArray();
        var isStatic = torch.Any(directive => !directive.StaticKeyword.IsKind(SyntaxKind.None));
        string[] names = ["torch", StaticTorch, .. torch.Select(directive => directive.Alias?.Name.Identifier.Text).OfType<string>()];
        return [.. from call in root.DescendantNodes().OfType<InvocationExpressionSyntax>()
            where IsTensorFactory(call, isStatic, names)
                && !call.ArgumentList.Arguments.Any(argument => argument.NameColon?.Name.Identifier.Text == "device")
            select $"{name}:{Line(call)} makes a tensor by {NameOf(call)} and names no device"];
    }

    /// <summary>Of these options, those that no source adds and has checked at start.</summary>
    public static IReadOnlyList<string> UncheckedOptions(IEnumerable<string> options, IEnumerable<string> texts)
    {
        var isChecked = (from text in texts
                         from call in Nodes<InvocationExpressionSyntax>(text)
                         where NameOf(call) == "ValidateOnStart"
                         select call.ToString()).ToArray();
        return [.. options.Distinct()
            .Where(name => !isChecked.Any(text => text.Contains($"AddOptions<{name}>", StringComparison.Ordinal)))
            .Select(name => $"{name} is not checked at start")];
    }

    private static bool IsTensorFactory(InvocationExpressionSyntax call, bool isStatic, string[] names) => NameOf(call) is { } method
        && TensorFactories.Contains(method)
        && call.Expression switch
        {
            MemberAccessExpressionSyntax access => names.Contains(access.Expression.ToString()),
            _ => isStatic,
        };

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        SimpleNameSyntax plain => plain.Identifier.Text,
        _ => null,
    };

    private static IEnumerable<T> Nodes<T>(string text)
        where T : SyntaxNode => CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<T>();

    private static int Line(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static int Lines(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
