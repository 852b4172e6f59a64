using System.Net;
using System.Text.RegularExpressions;

namespace CnnService.Web.Tests.Features.Operating;

public partial class StartPageTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    [Fact]
    public async Task Page_EveryFileItNames_IsServed()
    {
        var page = await service.Client.GetStringAsync(CnnServiceApplication.Relative("/"));
        var files =
            Reference().Matches(page).Select(match => match.Groups[1].Value)
            .Where(file => !file.StartsWith("data:", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("/" + file.TrimStart('/')));
            Assert.True((int)answer.StatusCode < 400, $"{file}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Page_HasNoInlineScript()
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("/"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotMatch(@"<script(?![^>]*\bsrc=)", page);
        Assert.DoesNotMatch(@"\son[a-z]+=", page);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"#]+)\"")]
    private static partial Regex Reference();
}
