using System.Net;
using System.Text.RegularExpressions;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Features.Manual;

/// <summary>The manual that the service serves.</summary>
public sealed partial class ManualApiTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private static readonly Uri Front = new("http://localhost/docs/");

    [Fact]
    public async Task WithoutTheSlash_LeadsToTheFront()
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("/docs"));

        Assert.Equal("/docs/", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task EveryLinkOfEveryPage_LeadsSomewhere()
    {
        var pages = new Dictionary<string, string>();
        var dead = new List<string>();
        var open = new Queue<(Uri From, string Link)>([(Front, "./")]);
        while (open.TryDequeue(out var link))
        {
            var (path, anchor) = Split(new Uri(link.From, link.Link));
            if (!pages.TryGetValue(path, out var text))
            {
                text = await ReadAsync(path);
                pages[path] = text;
                Links(text).ToList().ForEach(found => open.Enqueue((new Uri(Front, path), found)));
            }

            if (text.Length == 0 || (anchor.Length > 0 && !text.Contains($"id=\"{anchor}\"", StringComparison.Ordinal)))
            {
                dead.Add($"{link.From} links to {link.Link}");
            }
        }

        Assert.Empty(dead.Distinct());
        Assert.InRange(pages.Count, 60, int.MaxValue); // Pages, decisions and pictures.
    }

    [Fact]
    public async Task Contents_HaveEveryPage()
    {
        var front = Links(await service.Client.GetStringAsync(CnnServiceApplication.Relative("/docs/"))).ToHashSet();

        var names = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "docs"), "*.md")
            .Select(path => Path.GetFileNameWithoutExtension(path)!).Where(name => name != "README");
        Assert.All(names, name => Assert.Contains(name, front));
    }

    [Theory]
    [InlineData("/docs/", "<h1 id=\"the-manual-of-cnnservice\">The manual of CnnService</h1>")]
    [InlineData("/docs/data", "<title>Data sets · CnnService</title>")]
    [InlineData("/docs/data", "<a href=\"data\" aria-current=\"page\">Data sets</a>")]
    [InlineData("/docs/training", "<a href=\"reliability\">")]
    [InlineData("/docs/security", "<span class=\"remark\"># or Authorization: Bearer cnn_…</span>\ncurl -H &#39;X-Api-Key: cnn_…&#39;")]
    [InlineData("/docs/decisions", "<h1>Decisions</h1>")]
    [InlineData("/docs/gallery", "src=\"pictures/gallery/maps.png\"")]
    public async Task Page_IsRenderedInItsFrame(string address, string part)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(address));

        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(part, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_RunsNothing_AndHasNothingFromElsewhere()
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("/docs/training"));
        var page = await answer.Content.ReadAsStringAsync();
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

        Assert.StartsWith("default-src 'none'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<script|\son[a-z]+=""|style=""", page);
    }

    [Theory]
    [InlineData("/docs/no-such-page")]
    [InlineData("/docs/../appsettings.json")]
    [InlineData("/docs/pictures/")]
    [InlineData("/docs/Features/Manual/manual.css")]
    public async Task AddressWithoutAPage_IsNotFound(string address)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(address));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task SwaggerUi_HasTheScriptThatAsksForAKey()
    {
        var ui = await service.Client.GetStringAsync(CnnServiceApplication.Relative("/swagger/index.html"));
        using var script = await service.Client.GetAsync(CnnServiceApplication.Relative("/swagger/key.js"));

        Assert.Contains("src='key.js'", ui, StringComparison.Ordinal);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType?.MediaType);
        Assert.Contains("X-Api-Key", await script.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static (string Path, string Anchor) Split(Uri address) => (address.AbsolutePath, address.Fragment.TrimStart('#'));

    /// <summary>Empty where nothing is there; pages and files of other parts of the service are only looked for.</summary>
    private async Task<string> ReadAsync(string path)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(path));
        return !answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Redirect ? string.Empty
            : answer.Content.Headers.ContentType?.MediaType == "text/html" && path.StartsWith(Front.AbsolutePath, StringComparison.Ordinal)
                ? await answer.Content.ReadAsStringAsync()
            : " ";
    }

    private static IEnumerable<string> Links(string page) => Link().Matches(page)
        .Select(link => WebUtility.HtmlDecode(link.Groups[1].Value)).Where(link => !link.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Link();
}
