using System.Net;

namespace CnnService.Web.Tests.Api.Requests;

/// <summary>Without a key, pages of other sites and names of other hosts do not get in; every answer carries its headers.</summary>
public class RequestGuardTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.168.1.1")]
    [InlineData("0.0.0.0")]
    public async Task AnotherHostName_Is400(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("health/live"));
        request.Headers.Host = host;
        using var answer = await service.Client.SendAsync(request);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("127.0.0.1:5000")]
    [InlineData("[::1]:5000")]
    public async Task LoopbackHostName_IsAnswered(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("health/live"));
        request.Headers.Host = host;
        using var answer = await service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task AnotherHostName_WhateverTheSettings_Is400WithoutKeys()
    {
        await using var open = new CnnServiceApplication(new() { ["AllowedHosts"] = "*" });
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("health/live"));
        request.Headers.Host = "evil.example";
        using var answer = await open.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "http://localhost:8080")]
    [InlineData("Origin", "null")]
    public async Task EveryEndpoint_FromAnotherSite_Is403(string header, string value)
    {
        foreach (var route in ServiceRoute.Of(service))
        {
            using var request = route.Request();
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await ProblemAssert.IsAsync(answer, HttpStatusCode.Forbidden, "request.cross-site");
        }
    }

    [Fact]
    public async Task EveryEndpoint_OwnPage_IsNotRefused()
    {
        foreach (var route in ServiceRoute.Of(service))
        {
            using var request = route.Request();
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Add("Origin", "http://localhost");
            using var answer = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(answer.StatusCode != HttpStatusCode.Forbidden, $"{route} was refused");
        }
    }

    [Theory]
    [InlineData("", HttpStatusCode.Found)] // The root leads on to the page.
    [InlineData("swagger/index.html", HttpStatusCode.OK)]
    public async Task LinkFromAnotherSite_ToAPage_IsFollowed(string path, HttpStatusCode expected)
    {
        using var answer = await service.Client.SendAsync(Navigation(path));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("visualize/conv_1/0")]
    [InlineData("visualize/conv_1")]
    public async Task LinkFromAnotherSite_ToCostlyWork_Is403(string path)
    {
        using var answer = await service.Client.SendAsync(Navigation(path));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.Forbidden, "request.cross-site");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate, gzip")]
    public async Task CompressedBody_Is415(string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            CnnServiceApplication.Relative("train"))
        { Content = new ByteArrayContent([1, 2, 3]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var answer = await service.Client.SendAsync(request);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task IdentityBody_IsTakenAsTheUncompressedOneThatItIs()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative("train"))
        {
            Content = new ByteArrayContent("{"u8.ToArray()),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", "identity");
        using var answer = await service.Client.SendAsync(request);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task EveryAnswer_CarriesTheSecurityHeaders()
    {
        foreach (var route in ServiceRoute.Of(service))
        {
            using var answer = await service.Client.SendAsync(route.Request(), HttpCompletionOption.ResponseHeadersRead);
            Assert.True(answer.Headers.Contains("X-Content-Type-Options"), $"{route}: {(int)answer.StatusCode}");
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")),
                StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Server"));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    private static HttpRequestMessage Navigation(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative(path));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Sec-Fetch-Dest", "document");
        return request;
    }
}
