using System.Net;
using System.Net.Http.Json;

namespace CnnService.Web.Tests.Api.Security;

/// <summary>What a key may send in a time.</summary>
public class RateLimitTests
{
    [Fact]
    public async Task MoreRequestsAtOnceThanTheBurst_AreRefusedForThatKeyAlone()
    {
        await using var service = Limited(("RequestBurst", "2"), ("RequestsPerSecond", "1"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => SendAsync(service, "read", HttpMethod.Get, "runs")));
        using var other = await SendAsync(service, "classify", HttpMethod.Get, "runs");

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        await ProblemAssert.IsAsync(answers.First(answer => answer.StatusCode != HttpStatusCode.OK), HttpStatusCode.TooManyRequests,
            "request.too-many");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var metrics = await SendAsync(service, "classify", HttpMethod.Get, "metrics");
        Assert.Matches("cnnservice_requests_refused_total\\{[^}]*code=\"request.too-many\",status=\"429\"\\} [1-9]",
            await metrics.Content.ReadAsStringAsync());
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task MoreTrainingsAMinuteThanAllowed_AreRefused_AndOtherCallsAreNot()
    {
        await using var service = Limited(("TrainingsPerMinute", "1"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(service, "train", HttpMethod.Post, "train")));
        using var other = await SendAsync(service, "train", HttpMethod.Get, "runs");

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.BadRequest);
        await ProblemAssert.IsAsync(answers.First(answer => answer.StatusCode != HttpStatusCode.BadRequest), HttpStatusCode.TooManyRequests,
            "request.too-many");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task WithoutKeys_ThereIsNoLimit()
    {
        await using var service = new CnnServiceApplication(new() { ["Limits:RequestBurst"] = "1", ["Limits:RequestsPerSecond"] = "1" });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(_ => service.Client.GetAsync(CnnServiceApplication.Relative("runs"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    private static CnnServiceApplication Limited(params (string Name, string Value)[] limits)
    {
        var settings = Keys.Settings();
        foreach (var (name, value) in limits)
        {
            settings[$"Limits:{name}"] = value;
        }

        return new(settings);
    }

    private static async Task<HttpResponseMessage> SendAsync(CnnServiceApplication service, string scope, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, CnnServiceApplication.Relative(path));
        request.Headers.Add("X-Api-Key", Keys.Of(scope));
        if (method == HttpMethod.Post)
        {
            request.Content = JsonContent.Create(new { });
        }

        return await service.Client.SendAsync(request);
    }
}
