using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using CnnService.Web.Tests.Api.Security;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Work;

/// <summary>Hangfire's pages, as a browser gets them.</summary>
public class JobPagesTests(KeyedApplication keyed) : IClassFixture<KeyedApplication>
{
    private readonly CnnServiceApplication _service = keyed.Service;

    /// <summary>Keeps no cookies: the tests say which they send.</summary>
    private readonly HttpClient _client = keyed.Service.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });

    [Theory]
    [InlineData("")]
    [InlineData("/jobs/enqueued")]
    [InlineData("/jobs/failed")]
    [InlineData("/servers")]
    [InlineData("/recurring")]
    public async Task Page_ForAReader_IsEnglish_AndMayLoadItsOwnScriptsAndStyles(string page)
    {
        using var answer = await SendAsync(HttpMethod.Get, "read", page);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<html lang=\"en\">", text, StringComparison.Ordinal);
        Assert.Contains("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    /// <summary>A script or style in the page itself would be refused by the policy, and the page would not work.</summary>
    [Fact]
    public async Task Page_HoldsNoScriptOfItsOwn()
    {
        using var answer = await SendAsync(HttpMethod.Get, "admin", "/");

        Assert.DoesNotMatch("<script(?![^>]*src=)", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Page_ForABrowserWithoutAKey_AsksForOne_AndTakesItAsThePassword()
    {
        using var asked = await SendAsync(HttpMethod.Get, null, "/");
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("hangfire"));
        request.Headers.Authorization = Basic(Keys.Of("admin"));
        using var given = await _client.SendAsync(request);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("runs"));
        elsewhere.Headers.Authorization = Basic(Keys.Of("admin"));
        using var refused = await _client.SendAsync(elsewhere);

        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Equal("Basic", asked.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Post_WithoutTheTokenOfAPage_ChangesNothing()
    {
        var id = Enqueue();
        using var answer = await SendAsync(HttpMethod.Post, "admin", "/jobs/enqueued/delete", Jobs(id));

        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.no-token");
        Assert.Equal(EnqueuedState.StateName, StateOf(id));
    }

    [Fact]
    public async Task Post_OfAnAdministratorWithTheTokenOfAPage_Acts()
    {
        var id = Enqueue();
        var (cookie, token) = await TokenAsync("admin");
        using var answer = await SendAsync(HttpMethod.Post, "admin", "/jobs/enqueued/delete", Jobs(id), cookie, token);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(DeletedState.StateName, StateOf(id));
    }

    [Fact]
    public async Task Post_OfAReaderWithTheTokenOfAPage_IsRefused_ExceptForFigures()
    {
        var id = Enqueue();
        var (cookie, token) = await TokenAsync("read");
        using var answer = await SendAsync(HttpMethod.Post, "read", "/jobs/enqueued/delete", Jobs(id), cookie, token);
        using var figures = await SendAsync(HttpMethod.Post, "read", "/stats", new FormUrlEncodedContent([new("metrics[]", "jobs:count")]),
            cookie, token);

        await ProblemAssert.IsAsync(answer, HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Equal(EnqueuedState.StateName, StateOf(id));
        Assert.Equal(HttpStatusCode.OK, figures.StatusCode);
    }

    [Theory]
    [InlineData("application/json", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data", "no boundary", HttpStatusCode.BadRequest)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\ntorn", HttpStatusCode.BadRequest)]
    [InlineData("application/x-www-form-urlencoded", "%zz=%ff&jobs[]", HttpStatusCode.BadRequest)]
    public async Task Post_WithAnOddBody_IsAProblem(string type, string body, HttpStatusCode expected)
    {
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await SendAsync(HttpMethod.Post, "admin", "/jobs/enqueued/delete", content);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Hangfire has no such page, and reads a form from whatever asks for its figures.</summary>
    [Theory]
    [InlineData("/no/such/page", HttpStatusCode.NotFound)]
    [InlineData("/js", HttpStatusCode.NotFound)]
    [InlineData("/stats", HttpStatusCode.UnsupportedMediaType)]
    public async Task Page_ThatIsNone_IsAProblem(string page, HttpStatusCode expected)
    {
        using var answer = await SendAsync(HttpMethod.Get, "read", page);

        Assert.Equal((expected, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("from=-1")]
    [InlineData("count=x")]
    [InlineData("count=501")]
    [InlineData("from=99999999999")]
    public async Task Page_WithAnOddRange_IsAProblem(string query)
    {
        using var answer = await SendAsync(HttpMethod.Get, "read", $"/jobs/enqueued?{query}");

        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
    }

    /// <summary>A job in a queue that no worker looks at.</summary>
    private string Enqueue() => _service.Services.GetRequiredService<IBackgroundJobClient>()
        .Create(() => Thread.Sleep(0), new EnqueuedState("nobody"));

    private string? StateOf(string id)
    {
        using var connection = _service.Services.GetRequiredService<JobStorage>().GetConnection();
        return connection.GetStateData(id)?.Name;
    }

    private static FormUrlEncodedContent Jobs(string id) => new([new("jobs[]", id)]);

    private static AuthenticationHeaderValue Basic(string key) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{key}")));

    private async Task<(string Cookie, string Token)> TokenAsync(string scope)
    {
        using var page = await SendAsync(HttpMethod.Get, scope, "/");
        var token = Regex.Match(await page.Content.ReadAsStringAsync(), "csrf-token\" content=\"([^\"]+)\"").Groups[1].Value;
        return (page.Headers.GetValues("Set-Cookie").Single().Split(';')[0], token);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string? scope, string page, HttpContent? content = null, string? cookie = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, CnnServiceApplication.Relative($"hangfire{page}")) { Content = content };
        foreach (var (name, value) in new[]
        {
            ("X-Api-Key", scope is null ? null : Keys.Of(scope)), ("Cookie", cookie), ("RequestVerificationToken", token),
        })
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        return await _client.SendAsync(request);
    }
}
