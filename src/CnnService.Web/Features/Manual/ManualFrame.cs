using System.Net;
using System.Text;

namespace CnnService.Web.Features.Manual;

/// <summary>What stands round every page: the list of all pages, that of its sections, and the pages before and after it.</summary>
/// <param name="contents">The pages by group.</param>
internal sealed class ManualFrame(IReadOnlyList<(string Group, IReadOnlyList<(string Title, string Address)> Links)> contents)
{
    private const string Mark =
        """
        <svg viewBox="0 0 16 16" aria-hidden="true"><rect width="16" height="16" rx="4"/><path d="M4 4h3v3H4zM9 4h3v3H9zM4 9h3v3H4z"/></svg>
        """;

    public string Around(ManualArticle page) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Text(page.Title)} · CnnService</title>
        <link rel="stylesheet" href="{ManualPages.Style}">
        </head>
        <body>
        <a class="skip" href="#page">Skip to the text</a>
        <header>
        <a class="brand" href="./">{Mark}<span>CnnService</span></a>
        <span class="ways">
        <a class="pages" href="#pages">All pages</a><a href="../studio/">Open the page</a><a href="../swagger/index.html">API</a>
        </span>
        </header>
        <div class="shell">
        <main id="page" tabindex="-1">
        <article>
        {page.Html}</article>
        {Neighbours(page.Address)}</main>
        <nav id="pages" aria-label="All pages">{Pages(page.Address)}</nav>
        {Sections(page)}</div>
        </body>
        </html>

        """;

    private string Pages(string shown)
    {
        var html = new StringBuilder();
        foreach (var (group, links) in contents)
        {
            html.Append($"<h2>{Text(group)}</h2><ul>");
            foreach (var (title, address) in links)
            {
                html.Append($"<li>{Link(title, address, address == shown ? " aria-current=\"page\"" : string.Empty)}</li>");
            }

            html.Append("</ul>");
        }

        return html.ToString();
    }

    private static string Sections(ManualArticle page) => page.Sections.Count < 2 ? string.Empty
        : $"<nav class=\"sections\" aria-label=\"On this page\"><h2>On this page</h2><ul>{string.Concat(page.Sections.Select(section =>
            $"<li><a href=\"#{Text(section.Anchor)}\">{Text(section.Title)}</a></li>"))}</ul></nav>\n";

    private string Neighbours(string shown)
    {
        var order = contents.SelectMany(group => group.Links).ToList();
        var at = order.FindIndex(link => link.Address == shown);
        var before = at > 0 ? Link($"← {order[at - 1].Title}", order[at - 1].Address, " rel=\"prev\"") : string.Empty;
        var after = at >= 0 && at + 1 < order.Count
            ? Link($"{order[at + 1].Title} →", order[at + 1].Address, " rel=\"next\"") : string.Empty;
        return before.Length + after.Length == 0 ? string.Empty
            : $"<nav class=\"neighbours\" aria-label=\"Before and after\"><span>{before}</span><span>{after}</span></nav>\n";
    }

    private static string Link(string title, string address, string attributes) =>
        $"<a href=\"{(address.Length == 0 ? "./" : address)}\"{attributes}>{Text(title)}</a>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
