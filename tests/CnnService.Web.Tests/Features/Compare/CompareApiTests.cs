using System.Net;
using System.Text.Json;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Compare;

/// <summary>Two versions whose answers are known, shared by the tests of a class: the second calls red what is a little more blue
/// than red.</summary>
public sealed class TwoVersions : IAsyncLifetime
{
    internal const float Bias = 2;

    private static readonly (string Path, byte Red, byte Green, byte Blue)[] Images =
    [
        ("train/red/0.png", 250, 0, 0), ("train/blue/0.png", 0, 0, 250),
        ("validation/red/1.png", 200, 0, 10), ("validation/red/2.png", 100, 0, 150), ("validation/red/3.png", 255, 1, 1),
        ("validation/blue/4.png", 10, 0, 200), ("validation/blue/5.png", 90, 0, 140), ("validation/blue/6.png", 1, 1, 255),
    ];

    public CnnServiceApplication Service { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(Service, "colours");
        await RedOrBlue.PublishAsync(Service, "colours", Bias);
        await ColourDataset.ImportAsync(Service, "images", Images);
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

public sealed class CompareApiTests(TwoVersions versions) : IClassFixture<TwoVersions>
{
    private readonly CnnServiceApplication _service = versions.Service;

    [Fact]
    public async Task Compare_TwoVersions_TellsWhoIsRightOnWhat()
    {
        using var answer = await PostAsync("""{"a":"colours:1","b":"colours@latest","dataset":"images"}""", "?wait=60");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await CnnServiceApplication.JsonAsync(answer);
        Assert.Equal("succeeded", json.GetProperty("state").GetString());

        // Image 2 is red and 5 is blue, both a little more blue: the first version is right on 5, the second on 2.
        Assert.Equal((5.0 / 6, 5.0 / 6), (Figure(json, "a", "accuracy"), Figure(json, "b", "accuracy")));
        Assert.Equal("[[3,0],[1,2]]", json.GetProperty("a").GetProperty("confusion").ToString());
        Assert.Equal("[[2,1],[0,3]]", json.GetProperty("b").GetProperty("confusion").ToString());
        var agreement = json.GetProperty("agreement");
        Assert.Equal("4 1 1 0 4 2",
            string.Join(' ',
                new[] { "bothRight", "onlyA", "onlyB", "bothWrong", "agreed", "disagreed" }.Select(
                    name => agreement.GetProperty(name).ToString())));
        Assert.Equal(1, agreement.GetProperty("pValue").GetDouble());
        Assert.Equal([1, 8], json.GetProperty("speed").EnumerateArray().Select(one => one.GetProperty("batchSize").GetInt32()));
        Assert.Equal(new FileInfo(Path.Combine(_service.DataDirectory, "models", "colours", "1", "model.onnx")).Length,
            json.GetProperty("a").GetProperty("onnxBytes").GetInt64());
        Assert.Equal(((3 + 1) * 2) + ((2 + 1) * 2), json.GetProperty("a").GetProperty("parameters").GetInt64());
        await DisagreementsAsync(json);
        await ImagesAsync(json);
        await DeleteAsync(json.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task Compare_WithoutWaiting_Is202AndTheResourceTellsTheEnd()
    {
        using var answer = await PostAsync("""{"a":"colours:1","b":"colours:2","dataset":"images","split":"train"}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var location = answer.Headers.Location!.OriginalString;
        Assert.Matches(@"\A/comparisons/[0-9a-f]+\z", location);

        var json = await Eventually.IsAsync(() => _service.GetJsonAsync(location[1..]),
            seen => seen.GetProperty("state").GetString() is not ("queued" or "running"));

        Assert.Equal("succeeded", json.GetProperty("state").GetString());
        Assert.Equal(1, json.GetProperty("progress").GetProperty("fraction").GetDouble());
        Assert.Equal(0, json.GetProperty("disagreements").GetArrayLength());
        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative($"{location[1..]}?format=png"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "comparison.no-disagreements");
        var listed = await _service.GetJsonAsync("comparisons");
        Assert.Contains(json.GetProperty("id").GetString(),
            listed.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("""{"a":"colours:1","b":"colours:1","dataset":"images"}""", HttpStatusCode.BadRequest, "compare.same-version")]
    [InlineData("""{"a":"colours:1","b":"colours:9","dataset":"images"}""", HttpStatusCode.NotFound, "model.version-not-found")]
    [InlineData("""{"a":"colours:1","b":"colours:2","dataset":"nothing"}""", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("""{"a":"colours:1","b":"colours:2","dataset":"images","split":"test"}""", HttpStatusCode.UnprocessableEntity,
        "compare.no-images")]
    [InlineData("""{"a":"colours:1","b":"colours:2","dataset":"images","split":"half"}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"a":"colours:1","dataset":"images","more":1}""", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task Compare_Unsound_IsAProblem(string body, HttpStatusCode status, string code) =>
        await ProblemAssert.IsAsync(await PostAsync(body), status, code);

    [Fact]
    public async Task Compare_OnClassesAModelDoesNotKnow_NamesThem()
    {
        await ColourDataset.ImportAsync(_service, "more", ("train/red/1.png", 9, 0, 0), ("train/green/1.png", 0, 9, 0),
            ("validation/red/1.png", 19, 0, 0), ("validation/green/2.png", 0, 19, 0));
        using var answer = await PostAsync("""{"a":"colours:1","b":"colours:2","dataset":"more"}""");
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "compare.classes");
        Assert.Contains("green", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("comparisons/none", HttpStatusCode.NotFound)]
    [InlineData("comparisons/none?format=bmp&count=0", HttpStatusCode.BadRequest)]
    [InlineData("comparisons/none/confusion.png?of=c", HttpStatusCode.BadRequest)]
    [InlineData("comparisons/none/disagreements?right=c", HttpStatusCode.NotFound)]
    public async Task Read_Unsound_IsAProblem(string path, HttpStatusCode status)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        await ProblemAssert.IsAsync(answer, status);
    }

    [Fact]
    public async Task Compare_VersionThatIsGoneWhenItsTurnComes_FailsAndSaysSo()
    {
        var comparisons = _service.Services.GetRequiredService<ComparisonStore>();
        var row = new ComparisonRow
        {
            Id = RunId.New(TimeProvider.System),
            ModelA = "colours",
            VersionA = 1,
            ModelB = "colours",
            VersionB = 7,
            Dataset = "images",
            Total = 1,
        };
        await comparisons.AddAsync(row, 100);

        await _service.Services.GetRequiredService<IJobRunner<ComparisonWork>>().RunAsync(row.Id, CancellationToken.None);

        var json = await _service.GetJsonAsync($"comparisons/{row.Id}");
        Assert.Equal("failed", json.GetProperty("state").GetString());
        Assert.Equal("model.version-not-found", json.GetProperty("failure").GetProperty("code").GetString());
        using var sheet = await _service.Client.GetAsync(CnnServiceApplication.Relative($"comparisons/{row.Id}/disagreements"));
        await ProblemAssert.IsAsync(sheet, HttpStatusCode.Conflict, "comparison.no-result");
    }

    private static double Figure(JsonElement json, string which, string name) => json.GetProperty(which).GetProperty(name).GetDouble();

    private async Task DisagreementsAsync(JsonElement comparison)
    {
        var path = comparison.GetProperty("links").GetProperty("disagreements").GetString()![1..];
        var first = await _service.GetJsonAsync($"{path}?limit=1");
        var second = await _service.GetJsonAsync($"{path}?limit=1&after={first.GetProperty("next").GetString()}");
        var all = new[] { first, second }.Select(page => page.GetProperty("items")[0])
            .ToDictionary(one => one.GetProperty("right").GetString()!);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal("red", all["b"].GetProperty("trueClass").GetString());
        Assert.Equal(1 - RedOrBlue.Red(100, 150), all["b"].GetProperty("a").GetProperty("probability").GetDouble(), 1e-4);
        Assert.Equal(RedOrBlue.Red(100, 150, TwoVersions.Bias), all["b"].GetProperty("b").GetProperty("probability").GetDouble(), 1e-4);
        Assert.Equal(1, (await _service.GetJsonAsync($"{path}?right=a")).GetProperty("items").GetArrayLength());
        using var image = await _service.Client.GetAsync(
            CnnServiceApplication.Relative(all["a"].GetProperty("links").GetProperty("image").GetString()![1..]));
        Assert.Equal(RedOrBlue.Image(90, 0, 140), await image.Content.ReadAsByteArrayAsync());
    }

    private async Task ImagesAsync(JsonElement comparison)
    {
        foreach (var link in new[] { "sheet", "confusionA", "confusionB" })
        {
            using var answer = await _service.Client.GetAsync(
                CnnServiceApplication.Relative(comparison.GetProperty("links").GetProperty(link).GetString()![1..]));
            Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], (await answer.Content.ReadAsByteArrayAsync())[..4]);
        }
    }

    private async Task DeleteAsync(string id)
    {
        using var gone = await _service.Client.DeleteAsync(CnnServiceApplication.Relative($"comparisons/{id}"));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.False(Directory.Exists(Path.Combine(_service.DataDirectory, "comparisons", id)));
        using var again = await _service.Client.DeleteAsync(CnnServiceApplication.Relative($"comparisons/{id}"));
        await ProblemAssert.IsAsync(again, HttpStatusCode.NotFound, "comparison.not-found");
    }

    private Task<HttpResponseMessage> PostAsync(string body, string query = "") => _service.Client.PostAsync(
        CnnServiceApplication.Relative($"models/compare{query}"), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
}
