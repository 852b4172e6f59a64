using System.Net;
using System.Text;

namespace CnnService.Web.Features.Manual;

/// <summary>The manual as it is served: pages, pictures and the style, by address. Rendered when it is first asked for.</summary>
internal sealed class ManualPages
{
    public const string Style = "manual.css";

    private const string Html = "text/html; charset=utf-8";
    private const string StyleFile = "Features/Manual/manual.css";

    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
    };

    private readonly Lazy<Dictionary<string, ManualFile>> _files = new(Render);

    /// <summary>The file at an address under /docs; null if there is none.</summary>
    public ManualFile? Find(string address) => _files.Value.GetValueOrDefault(address);

    private static Dictionary<string, ManualFile> Render()
    {
        var served = ManualFiles.Paths.Append(ManualAddresses.DecisionFolder).ToHashSet(StringComparer.Ordinal);
        var frame = new ManualFrame(ManualText.Contents(ManualAddresses.Front, Text(ManualAddresses.Front)));
        var pages = ManualFiles.Paths.Where(path => path.EndsWith(".md", StringComparison.Ordinal))
            .Select(path => (Path: path, Article: ManualText.Render(path, Text(path), served.Contains))).ToArray();
        var decisions = Decisions(pages.Where(page => page.Path.StartsWith(ManualAddresses.DecisionFolder, StringComparison.Ordinal))
            .Select(page => page.Article));
        var files = pages.Select(page => page.Article).Append(decisions).ToDictionary(
            article => article.Address,
            article => ManualFile.Create(Encoding.UTF8.GetBytes(frame.Around(article)), Html),
            StringComparer.Ordinal);
        foreach (var path in ManualFiles.Paths)
        {
            if (MediaTypes.TryGetValue(Path.GetExtension(path), out var type))
            {
                files.Add(path == StyleFile ? Style : ManualAddresses.Of(path), ManualFile.Create(ManualFiles.Read(path), type));
            }
        }

        return files;
    }

    private static string Text(string path) => Encoding.UTF8.GetString(ManualFiles.Read(path));

    /// <summary>The page that a folder of the repository is there.</summary>
    private static ManualArticle Decisions(IEnumerable<ManualArticle> decisions)
    {
        var items = decisions.Select(one => $"<li><a href=\"{one.Address}\">{WebUtility.HtmlEncode(one.Title)}</a></li>\n");
        return new(ManualAddresses.Decisions, "Decisions", $"<h1>Decisions</h1>\n<p>Why things are as they are.</p>\n<ul class=\"plain\">\n"
            + $"{string.Concat(items)}</ul>\n", []);
    }
}
