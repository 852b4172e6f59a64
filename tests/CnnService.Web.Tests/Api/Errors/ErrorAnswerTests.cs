using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Api.Errors;

/// <summary>Every error is a problem with a code, and tells nothing of the inside.</summary>
public class ErrorAnswerTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private const string Secret = "secret /data/keys at CnnService.Inside";

    [Theory]
    [InlineData("application/json")]
    [InlineData("image/png")]
    [InlineData("text/html")]
    public async Task UnknownAddress_WhateverIsAccepted_Is404Problem(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("no/such/address"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        using var answer = await service.Client.SendAsync(request);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task AnotherMethod_Is405Problem()
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, CnnServiceApplication.Relative("runs"));
        using var answer = await service.Client.SendAsync(request);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.MethodNotAllowed);
        Assert.Contains("GET", answer.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("datasets")]
    [InlineData("architectures/describe")]
    public async Task AnotherMediaType_Is415Problem(string path)
    {
        using var content = new StringContent("name=x", Encoding.UTF8, "text/plain");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(path), content);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"dataset\":\"a\",}")]
    [InlineData("{\"dataset\":\"\\ud800\"}")]
    public async Task BodyThatIsNoObject_Is400Problem(string body)
    {
        foreach (var path in new[] { "train", "datasets", "architectures/describe" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(path), content);
            await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task DeepJson_Is400Problem()
    {
        var body = $$"""{"dataset":{{string.Concat(Enumerable.Repeat("[", 250_000))}}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("train"), content);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("runs", "limit=0", "limit")]
    [InlineData("runs", "limit=201", "limit")]
    [InlineData("datasets", "limit=-1", "limit")]
    [InlineData("models", "limit=201", "limit")]
    public async Task LimitOutOfRange_NamesTheField(string path, string query, string field)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative($"{path}?{query}"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Theory]
    [InlineData("runs?limit=many", "limit", "must be a whole number of at most 2147483647, received \"many\"")]
    [InlineData("runs?limit=99999999999", "limit", "must be a whole number of at most 2147483647, received \"99999999999\"")]
    [InlineData("visualize/conv_1?model=none&count=abc", "count", "must be a whole number of at most 2147483647, received \"abc\"")]
    [InlineData("runs/none/curves.png?smoothing=%01", "smoothing", "must be a number, received \"\\u0001\"")]
    [InlineData("models/none/versions/1/onnx?fold=maybe", "fold", "must be true or false, received \"maybe\"")]
    [InlineData("comparisons/none/confusion.png", "of", "must be given")]
    public async Task QueryOfTheWrongType_NamesTheParameterAndItsRule(string path, string name, string rule)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(path));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal((name, rule), (error.Name, Assert.Single(error.Value.EnumerateArray()).GetString()));
        Assert.Equal("The request breaks the rules named under 'errors'.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("sweeps")]
    [InlineData("comparisons")]
    [InlineData("classify/jobs")]
    [InlineData("models")]
    [InlineData("datasets")]
    public async Task CursorThatNoPageGave_NamesTheField(string path)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative($"{path}?limit=0&after=ZZZ"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(["after", "limit"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task HostileNameInAnyPath_IsRefused(string name)
    {
        foreach (var route in ServiceRoute.Of(service)
            .Where(route => route.Pattern.Contains('{') && !route.Pattern.StartsWith("/hangfire", StringComparison.Ordinal)
                && !route.Pattern.StartsWith("/studio", StringComparison.Ordinal)
                && !route.Pattern.StartsWith("/docs", StringComparison.Ordinal)))
        {
            using var answer = await service.Client.SendAsync(route.Request(name), HttpCompletionOption.ResponseHeadersRead);
            Assert.True(
                (int)answer.StatusCode is 400 or 404 or 405 or 409 or 415 or 422,
                $"{route} with '{name}' answered {(int)answer.StatusCode}");
        }

        // The manual takes whole paths.
        using var page = await service.Client.GetAsync(CnnServiceApplication.Relative($"docs/{name}"));
        Assert.True((int)page.StatusCode is 400 or 404, $"GET /docs/{name} answered {(int)page.StatusCode}");
    }

    public static TheoryData<string> HostileNames() =>
    [
        "..%2f..%2fetc%2fpasswd", "..%5c..%5cetc", "%2fetc%2fpasswd", ".hidden", "a%0ab", "CON:", "a%2fb",
        "%252e%252e%252f", "%c0%ae%c0%ae", new string('a', 256), "a..b%2f", "~", "$(id)", "name%20with%20spaces", "Ünïcode",
        "%E2%80%AEgnp.exe",
    ];

    [Fact]
    public async Task FailureInside_Is500WithoutItsMessage()
    {
        await using var broken = new CnnServiceApplication([], services => services.AddSingleton<IStartupFilter>(new ThrowingRoute(
            () => new InvalidOperationException(Secret))));
        using var answer = await broken.Client.GetAsync(CnnServiceApplication.Relative(ThrowingRoute.Path));
        var text = await answer.Content.ReadAsStringAsync();
        await ProblemAssert.IsAsync(answer, HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain(broken.DataDirectory, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullDisk_Is507()
    {
        await using var full = new CnnServiceApplication([], services => services.AddSingleton<IStartupFilter>(new ThrowingRoute(
            () => new IOException("No space left on device", 28))));
        using var answer = await full.Client.GetAsync(CnnServiceApplication.Relative(ThrowingRoute.Path));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.InsufficientStorage, "storage.full");
    }

    /// <summary>A decoder fails inside a real handler; the exception travels through everything that stands around it.</summary>
    private sealed class ThrowingRoute(Func<Exception> failure) : IStartupFilter
    {
        public const string Path = "health/throw";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Use((
                HttpContext context, RequestDelegate onward) => context.Request.Path == "/" + Path ? throw failure() : onward(context));
        };
    }
}
