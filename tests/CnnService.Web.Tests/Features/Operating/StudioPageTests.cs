using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CnnService.Web.Tests.Features.Operating;

public partial class StudioPageTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    [Fact]
    public async Task Root_LeadsToThePage()
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("/"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/studio/", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/studio/")]
    [InlineData("/studio/look/pets")]
    [InlineData("/studio/look/my.model%3A2")]
    public async Task Address_AnyBelow_AnswersTheDocument(string address)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(address));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<base href=\"/studio/\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ThatIsNot_IsNotTheDocument()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("/studio/_framework/nothing.wasm"));
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        using var answer = await service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/datasets")]
    [InlineData("/runs/nothing")]
    [InlineData("/models/nothing")]
    public async Task Route_OfTheApi_IsNotShadowed(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative(address));
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        using var answer = await service.Client.SendAsync(request);
        Assert.NotEqual("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Document_EveryFileItNames_IsServedFromHere()
    {
        var page = await service.Client.GetStringAsync(CnnServiceApplication.Relative("/studio/"));
        var files = Reference().Matches(page).Select(match => match.Groups[1].Value)
            .Where(file => !file.StartsWith("data:", StringComparison.Ordinal) && file != "/studio/").ToArray();
        Assert.True(files.Length >= 5, page);
        foreach (var file in files)
        {
            Assert.DoesNotContain("//", file, StringComparison.Ordinal);
            using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("/studio/" + file));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{file}: {(int)answer.StatusCode}");
        }
    }

    /// <summary>Policy Level 3: an inline script runs only if the base64 of its SHA-256 stands in script-src.</summary>
    [Fact]
    public async Task Document_Policy_AllowsItsOwnScriptsOnly()
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("/studio/"));
        var page = await answer.Content.ReadAsStringAsync();
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        var scripts = Regex.Match(policy, "script-src ([^;]*)").Groups[1].Value.Split(' ');
        var hashes = InlineScript().Matches(page)
            .Select(match => SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups[1].Value)))
            .Select(hash => $"'sha256-{Convert.ToBase64String(hash)}'").ToArray();

        Assert.Single(hashes); // The import map.
        Assert.Equal(["'self'", "'wasm-unsafe-eval'", .. hashes], scripts);
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\son[a-z]+=", page);
    }

    [Fact]
    public async Task Answers_OfTheApi_MayRunNothing()
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("/datasets"));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", policy);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"#]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("<script(?![^>]*src=)[^>]*>(.+?)</script>", RegexOptions.Singleline)]
    private static partial Regex InlineScript();
}
