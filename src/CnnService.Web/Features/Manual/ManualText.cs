using System.Text;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Helpers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace CnnService.Web.Features.Manual;

/// <summary>Turns a page of the repository, in Markdown, into one of the service.</summary>
internal static class ManualText
{
    private const string Shell = "bash";

    /// <summary>Headings get the anchors that they have on the usual sites; markup in a page stays text.</summary>
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).DisableHtml().Build();

    /// <param name="path">The page's path in the repository.</param>
    /// <param name="markdown">Its text.</param>
    /// <param name="isServed">Whether the file with a path is part of the manual; a link to another one becomes plain text.</param>
    public static ManualArticle Render(string path, string markdown, Func<string, bool> isServed)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToArray())
        {
            Redirect(link, path, isServed);
        }

        foreach (var block in document.Descendants<FencedCodeBlock>().Where(block => block.Info == Shell).ToArray())
        {
            var lines = block.Lines.Lines.Take(block.Lines.Count).Select(line => line.Slice.ToString());
            block.Parent![block.Parent.IndexOf(block)] = new HtmlBlock(null) { Lines = new StringLineGroup(ManualCommands.ToHtml(lines)) };
        }

        var headings = document.Descendants<HeadingBlock>().ToArray();
        return new(
            ManualAddresses.Of(path), headings.Where(heading => heading.Level == 1).Select(Plain).FirstOrDefault(path),
            document.ToHtml(Pipeline),
            [.. headings.Where(heading => heading.Level == 2)
                .Select(heading => (Plain(heading), heading.GetAttributes().Id ?? string.Empty))]);
    }

    /// <summary>The links of a page's lists, each under the heading of the second level that it follows.</summary>
    /// <param name="path">The page's path in the repository.</param>
    /// <param name="markdown">Its text.</param>
    public static IReadOnlyList<(string Group, IReadOnlyList<(string Title, string Address)> Links)> Contents(string path, string markdown)
    {
        var groups = new List<(string Group, IReadOnlyList<(string, string)> Links)>();
        var group = string.Empty;
        foreach (var block in Markdown.Parse(markdown, Pipeline))
        {
            if (block is HeadingBlock heading)
            {
                group = Plain(heading);
            }
            else if (block is ListBlock list)
            {
                groups.Add((group, [.. list.SelectMany(item => item.Descendants<LinkInline>().Take(1)).Select(link =>
                    (Plain(link), ManualAddresses.Of(ManualAddresses.Resolve(path, link.Url ?? string.Empty))))]));
            }
        }

        return groups;
    }

    private static void Redirect(LinkInline link, string path, Func<string, bool> isServed)
    {
        if (link.Url is not { } url || url.Contains(':', StringComparison.Ordinal))
        {
            return;
        }

        var parts = url.Split('#', 2);
        var target = ManualAddresses.Resolve(path, parts[0]);
        if (isServed(target))
        {
            var address = ManualAddresses.Of(target);
            link.Url = $"{(address.Length == 0 ? "./" : address)}{(parts.Length == 2 ? $"#{parts[1]}" : string.Empty)}";
            return;
        }

        while (link.FirstChild is { } child)
        {
            child.Remove();
            link.InsertBefore(child);
        }

        link.Remove();
    }

    private static string Plain(HeadingBlock heading) => heading.Inline is { } inline ? Plain(inline) : string.Empty;

    private static string Plain(ContainerInline inline)
    {
        var text = new StringBuilder();
        foreach (var part in inline.Descendants())
        {
            text.Append(part switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                _ => string.Empty,
            });
        }

        return text.ToString();
    }
}
