using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Web.Tests.Api.Security;

namespace CnnService.Web.Tests.Features.Models;

public sealed class AliasesApiTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new();

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(_service, "colours");
        await RedOrBlue.PublishAsync(_service, "colours");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Alias_PromotesRollsBackAndGoes()
    {
        Assert.Equal(HttpStatusCode.OK, (await SetAsync("production", 2)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SetAsync("production", 1)).StatusCode);
        Assert.Equal(1, await NamedAsync("production"));

        using var back = await PostAsync("production/rollback");
        Assert.Equal(2, (await CnnServiceApplication.JsonAsync(back)).GetProperty("version").GetInt32());
        Assert.Equal(2, await NamedAsync("production"));
        using var further = await PostAsync("production/rollback");
        var nowhere = await ProblemAssert.IsAsync(further, HttpStatusCode.Conflict, "model.no-version-before");
        Assert.Contains("no earlier version to roll back to: version 2, which it names, is its first",
            nowhere.GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var gone = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/aliases/production"));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var again = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/aliases/production"));
        await ProblemAssert.IsAsync(again, HttpStatusCode.NotFound, "model.alias-not-found");
        using var nothing = await PostAsync("production/rollback");
        await ProblemAssert.IsAsync(nothing, HttpStatusCode.NotFound, "model.alias-not-found");
    }

    [Theory]
    [InlineData("latest", 1, HttpStatusCode.BadRequest)]
    [InlineData("UPPER", 1, HttpStatusCode.BadRequest)]
    [InlineData("production", 9, HttpStatusCode.NotFound)]
    [InlineData("production", 0, HttpStatusCode.NotFound)]
    public async Task Alias_Unsound_IsAProblem(string alias, int version, HttpStatusCode status) =>
        await ProblemAssert.IsAsync(await SetAsync(alias, version), status);

    [Fact]
    public async Task Latest_CanNeitherBeDeletedNorRolledBack_AndSaysSo()
    {
        using var gone = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/aliases/latest"));
        var kept = await ProblemAssert.IsAsync(gone, HttpStatusCode.BadRequest, "model.bad-alias");
        Assert.EndsWith("is no alias that can be deleted.", kept.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await ProblemAssert.IsAsync(await PostAsync("latest/rollback"), HttpStatusCode.BadRequest, "model.bad-alias");
        Assert.Equal(2, await NamedAsync("latest"));
    }

    [Fact]
    public async Task Reference_ToAVersionAsIfItWereAnAlias_IsToldHowItIsWritten()
    {
        await SetAsync("production", 1);
        foreach (var (reference, told) in new[]
        {
            ("colours@1", "version 1 is written 'colours:1'."),
            ("colours@9", "nor a version 9, which would be written 'colours:9'; it has 1, 2."),
            ("colours@prod", "no alias 'prod'; it has latest, production."),
        })
        {
            using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative($"visualize?model={reference}"));
            var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "model.alias-not-found");
            Assert.EndsWith(told, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Alias_ToAVersionThatCannotBeLoaded_IsRefusedAndStays()
    {
        await SetAsync("production", 1);
        var path = Path.Combine(_service.DataDirectory, "models", "colours", "2", "model.onnx");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^10] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await ProblemAssert.IsAsync(await SetAsync("production", 2), HttpStatusCode.Conflict, "model.not-loadable");

        Assert.Equal(1, await NamedAsync("production"));
    }

    [Fact]
    public async Task History_PagesNewestFirst_AndOutlivesTheModel()
    {
        await SetAsync("production", 1);
        await SetAsync("production", 2);
        using var deleted = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours"));

        var first = await _service.GetJsonAsync("models/colours/aliases/history?limit=3");
        var rest = await _service.GetJsonAsync($"models/colours/aliases/history?after={first.GetProperty("next").GetString()}");

        Assert.Equal(
            ["latest: 2 -> , versionDeleted", "production: 2 -> , versionDeleted", "production: 1 -> 2, set", "production:  -> 1, set",
                "latest: 1 -> 2, published", "latest:  -> 1, published"],
            first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(Line));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        Assert.Equal("loopback", first.GetProperty("items")[0].GetProperty("by").GetString());
        var one = await _service.GetJsonAsync("models/colours/aliases/history?alias=latest");
        Assert.Equal(3, one.GetProperty("items").GetArrayLength());
        using var unknown = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/nothing/aliases/history"));
        await ProblemAssert.IsAsync(unknown, HttpStatusCode.NotFound, "model.not-found");
        using var wrong = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/aliases/history?limit=0"));
        await ProblemAssert.IsAsync(wrong, HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task History_NamesTheKeyThatMovedIt()
    {
        await using var keyed = new KeyedApplication();
        await RedOrBlue.PublishAsync(keyed.Service, "colours");
        using var request = new HttpRequestMessage(HttpMethod.Put,
            CnnServiceApplication.Relative("models/colours/aliases/production"))
        { Content = JsonContent.Create(new { version = 1 }) };
        request.Headers.Add("X-Api-Key", Keys.Of("admin"));
        using var moved = await keyed.Service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);

        using var read = new HttpRequestMessage(HttpMethod.Get,
            CnnServiceApplication.Relative("models/colours/aliases/history?alias=production"));
        read.Headers.Add("X-Api-Key", Keys.Of("read"));
        using var history = await keyed.Service.Client.SendAsync(read);
        Assert.Equal("admin", (await CnnServiceApplication.JsonAsync(history)).GetProperty("items")[0].GetProperty("by").GetString());
    }

    [Fact]
    public async Task Version_TellsItsAliasesSizeAndWhereTheRestIs()
    {
        await SetAsync("production", 2);

        var version = await _service.GetJsonAsync("models/colours/versions/2");

        Assert.Equal(["latest", "production"], version.GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()));
        Assert.Equal(((3 + 1) * 2) + ((2 + 1) * 2), version.GetProperty("parameters").GetInt64());
        Assert.Equal("/models/colours/versions/2/onnx", version.GetProperty("links").GetProperty("onnx").GetString());
        Assert.Empty((await _service.GetJsonAsync("models/colours/versions/1")).GetProperty("aliases").EnumerateArray());
    }

    [Fact]
    public async Task Version_OfADeletedOne_IsNotGivenAgain()
    {
        using var deleted = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/versions/2"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        Assert.Equal(3, await RedOrBlue.PublishAsync(_service, "colours"));
    }

    private static string Line(JsonElement move) =>
        $"{move.GetProperty("alias")}: {move.GetProperty("from")} -> {move.GetProperty("to")}, {move.GetProperty("reason")}";

    private async Task<int> NamedAsync(string alias) =>
        (await _service.GetJsonAsync("models/colours")).GetProperty("aliases").GetProperty(alias).GetInt32();

    private Task<HttpResponseMessage> SetAsync(string alias, int version) =>
        _service.Client.PutAsJsonAsync(CnnServiceApplication.Relative($"models/colours/aliases/{alias}"), new { version });

    private Task<HttpResponseMessage> PostAsync(string path) =>
        _service.Client.PostAsync(CnnServiceApplication.Relative($"models/colours/aliases/{path}"), null);
}
