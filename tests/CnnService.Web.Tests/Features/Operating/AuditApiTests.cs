using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Features.Operating;

/// <summary>Who changed what.</summary>
public sealed class AuditApiTests : IAsyncLifetime
{
    private static readonly object Network = new
    {
        input = new { height = 8, width = 8, channels = 3 },
        layers = new object[] { new { type = "flatten" }, new { type = "dense", units = 2 } },
    };

    private readonly CnnServiceApplication _service = new(Keys.Settings(), WithoutWorker.Remove);

    public async ValueTask InitializeAsync() =>
        await SomeDataset.AddReadyAsync(_service.Services, SomeDataset.Manifest("pets", ["cats", "dogs"]));

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Audit_AfterChanges_TellsEachThatSucceeded_WithTheNameOfItsKey_AndNeverTheKey()
    {
        var id = (await JsonAsync("train", HttpMethod.Post, "/train", new { dataset = "pets" })).GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("admin", HttpMethod.Post, $"/runs/{id}/cancel", null));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync("train", HttpMethod.Delete, $"/runs/{id}", null));

        // None of these changes anything.
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync("read", HttpMethod.Post, "/train", new { dataset = "pets" }));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync("train", HttpMethod.Delete, $"/runs/{id}", null));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync("train", HttpMethod.Post, "/train", new { dataset = "pets", epochs = 0 }));
        Assert.Equal(HttpStatusCode.OK, await SendAsync("read", HttpMethod.Post, "/architectures/describe", Network));
        Assert.Equal(HttpStatusCode.OK, await SendAsync("read", HttpMethod.Get, "/runs", null));

        var told = await JsonAsync("admin", HttpMethod.Get, "/audit", null);

        Assert.Equal(
            [
                ("train", "DeleteRun", $"/runs/{id}", 204),
                ("admin", "CancelRun", $"/runs/{id}", 202),
                ("train", "Train", $"/runs/{id}", 202),
            ],
            told.GetProperty("items").EnumerateArray().Select(Told));
        Assert.DoesNotContain("key-of-", told.GetRawText(), StringComparison.Ordinal);
        Assert.All(told.GetProperty("items").EnumerateArray(), change => Assert.InRange(
            change.GetProperty("at").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddHours(-1),
            TimeProvider.System.GetUtcNow().AddMinutes(1)));
    }

    [Fact]
    public async Task Audit_IsPaged_AndForAdministratorsOnly()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var audit = new AuditStore(_service.Services.GetRequiredService<Store>(), Options.Create(new RetentionOptions()), clock);
        for (var change = 0; change < 3; change++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await audit.AddAsync("key", $"Change{change}", "/things", 200);
        }

        var first = await JsonAsync("admin", HttpMethod.Get, "/audit?limit=2", null);
        var rest = await JsonAsync("admin", HttpMethod.Get, $"/audit?limit=2&after={first.GetProperty("next").GetString()}", null);

        Assert.Equal(["Change2", "Change1"], Operations(first));
        Assert.Equal(["Change0"], Operations(rest));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync("admin", HttpMethod.Get, "/audit?after=x", null));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync("train", HttpMethod.Get, "/audit", null));
    }

    [Fact]
    public async Task Audit_IsForgotten_OnceItIsOlderThanItIsKept()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var audit = new AuditStore(
            _service.Services.GetRequiredService<Store>(), Options.Create(new RetentionOptions { Audit = TimeSpan.FromDays(2) }), clock);
        await audit.AddAsync("key", "Old", "/things", 200);
        clock.Advance(TimeSpan.FromDays(1));
        await audit.AddAsync("key", "Young", "/things", 200);
        clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(1));

        await audit.ForgetAsync();

        Assert.Equal(["Young"], (await audit.ListAsync(10, null, CancellationToken.None)).Select(change => change.Operation));
    }

    private static (string?, string?, string?, int) Told(JsonElement change) => (
        change.GetProperty("key").GetString(), change.GetProperty("operation").GetString(), change.GetProperty("resource").GetString(),
        change.GetProperty("outcome").GetInt32());

    private static IEnumerable<string?> Operations(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(change => change.GetProperty("operation").GetString());

    private async Task<JsonElement> JsonAsync(string scope, HttpMethod method, string path, object? body)
    {
        using var answer = await AnswerAsync(scope, method, path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await CnnServiceApplication.JsonAsync(answer);
    }

    private async Task<HttpStatusCode> SendAsync(string scope, HttpMethod method, string path, object? body)
    {
        using var answer = await AnswerAsync(scope, method, path, body);
        await answer.Content.ReadAsStringAsync(); // To its end.
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> AnswerAsync(string scope, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, CnnServiceApplication.Relative(path));
        request.Headers.Add("X-Api-Key", Keys.Of(scope));
        request.Content = body is null ? null : JsonContent.Create(body, options: CoreJson.Options);
        return await _service.Client.SendAsync(request);
    }
}
