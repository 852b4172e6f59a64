using System.Net;
using System.Text;

namespace CnnService.Web.Features.Manual;

/// <summary>
/// Commands as they are shown. In a page what a command does stands behind it, where a narrow column would hide it; here it stands above,
/// and the whole can still be copied.
/// </summary>
internal static class ManualCommands
{
    private const string Remark = "  # ";

    /// <param name="lines">Of a block of bash.</param>
    public static string ToHtml(IEnumerable<string> lines)
    {
        var html = new StringBuilder("<pre><code class=\"language-bash\">");
        var goesOn = false;
        foreach (var line in lines)
        {
            var at = goesOn || line.StartsWith(' ') || line.EndsWith('\\') ? -1 : line.IndexOf(Remark, StringComparison.Ordinal);
            if (at >= 0)
            {
                AppendRemark(html, line[at..].Trim());
                html.Append(WebUtility.HtmlEncode(line[..at].TrimEnd())).Append('\n');
            }
            else if (line.StartsWith('#'))
            {
                AppendRemark(html, line);
            }
            else
            {
                html.Append(WebUtility.HtmlEncode(line)).Append('\n');
            }

            goesOn = line.EndsWith('\\');
        }

        return html.Append("</code></pre>").ToString();
    }

    private static void AppendRemark(StringBuilder html, string text) =>
        html.Append($"<span class=\"remark\">{WebUtility.HtmlEncode(text)}</span>\n");
}
