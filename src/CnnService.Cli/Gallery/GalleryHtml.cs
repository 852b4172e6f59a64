using System.Net;
using System.Text;

namespace CnnService.Cli.Gallery;

/// <summary>The page of a gallery for browsers: a file that needs nothing but the images beside it.</summary>
internal static class GalleryHtml
{
    private const string Head = """
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>
          :root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
          body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
          img { max-width: 100%; height: auto; background: #fff; border: 1px solid #8888; }
          figure { margin: 0 0 2.5rem; }
          code { overflow-wrap: anywhere; }
        </style>
        """;

    public static string Render(string title, IEnumerable<GalleryFigure> figures)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n").Append(Head)
            .Append("\n<title>").Append(WebUtility.HtmlEncode(title)).Append("</title>\n</head>\n<body>\n<h1>")
            .Append(WebUtility.HtmlEncode(title)).Append("</h1>\n<p>Made by <code>cnn gallery</code>; the call under each figure gives it ")
            .Append("again.</p>\n");
        foreach (var figure in figures)
        {
            var heading = WebUtility.HtmlEncode(figure.Title);
            page.Append("<h2>").Append(heading).Append("</h2>\n<figure>\n<img src=\"").Append(Uri.EscapeDataString(figure.File))
                .Append("\" alt=\"").Append(heading).Append("\">\n<figcaption><p>").Append(WebUtility.HtmlEncode(figure.Text))
                .Append("</p>\n<code>GET /").Append(WebUtility.HtmlEncode(figure.Path)).Append("</code></figcaption>\n</figure>\n");
        }

        return page.Append("</body>\n</html>\n").ToString();
    }
}
