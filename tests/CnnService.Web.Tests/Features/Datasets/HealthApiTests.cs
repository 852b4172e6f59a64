using System.Net;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>GET /datasets/{name}/health on images of one colour each, judged by a network whose answers are known.</summary>
public sealed class HealthApiTests : IClassFixture<LeakyDataset>
{
    private const string Health = "datasets/leaky/health?wait=300";

    private readonly CnnServiceApplication _service;

    public HealthApiTests(LeakyDataset leaky) => _service = leaky.Service;

    [Fact]
    public async Task Health_TellsOfLeaksConflictsAndBlankImages()
    {
        var health = await _service.GetJsonAsync(Health);

        var duplicates = health.GetProperty("duplicates");
        Assert.Equal((2, 1, 2),
            (Number(duplicates, "exactGroups"), Number(duplicates, "leakedValidation"), Number(duplicates, "conflicting")));
        Assert.Equal(
            ["images.leaked", "images.conflicting", "images.duplicated", "images.blank", "classes.few-images"],
            health.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()));
        var first = health.GetProperty("groups")[0];
        Assert.True(first.GetProperty("acrossClasses").GetBoolean() && first.GetProperty("isExact").GetBoolean());
        Assert.Equal(["blue", "red"],
            first.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("class").GetString()).Order());
        Assert.Equal(8, health.GetProperty("faultCounts")[0].GetProperty("count").GetInt32());
        Assert.Equal(JsonValueKind.Null, health.GetProperty("labels").ValueKind);
        using var file = await _service.Client.GetAsync(
            CnnServiceApplication.Relative(first.GetProperty("images")[0].GetProperty("url").GetString()!));
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
    }

    [Fact]
    public async Task Health_ByAModelThatKnowsTheClasses_DoubtsTheLabelItsPredictionsSpeakAgainst()
    {
        var labels = (await _service.GetJsonAsync($"{Health}&model=colours")).GetProperty("labels");

        Assert.Equal(("predictions", 8, 1),
            (labels.GetProperty("evidence").GetString(), Number(labels, "judged"), Number(labels, "doubted")));
        var worst = labels.GetProperty("ranked")[0];
        Assert.Equal(("blue", "red", true),
            (worst.GetProperty("image").GetProperty("class").GetString(), worst.GetProperty("suggested").GetString(),
                worst.GetProperty("isDoubted").GetBoolean()));
        Assert.Equal(RedOrBlue.Red(240, 0), worst.GetProperty("suggestedProbability").GetDouble(), 1e-4);
    }

    [Fact]
    public async Task Health_ByFeatures_SaysHowTheyWereJudged()
    {
        var labels = (await _service.GetJsonAsync($"{Health}&model=colours&evidence=features")).GetProperty("labels");

        Assert.Equal("features", labels.GetProperty("evidence").GetString());
        Assert.Contains("2 features of 'pool'", labels.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_AsASheet_IsAnImageWithATag()
    {
        var sheet = (await _service.GetJsonAsync($"{Health}&model=colours")).GetProperty("sheet").GetString()!;
        Assert.Equal("/datasets/leaky/health?wait=300&model=colours&format=png", sheet);

        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(sheet));
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative(sheet));
        request.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("datasets/none/health", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("datasets/leaky/health?model=none", HttpStatusCode.NotFound, "model.not-found")]
    [InlineData("datasets/leaky/health?evidence=features", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("datasets/leaky/health?count=501", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("datasets/leaky/health?format=png&count=121", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("datasets/leaky/health?format=gif", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("datasets/leaky/health?labels=features", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task Health_OfWhatCannotBe_IsAProblem(string path, HttpStatusCode status, string code)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        await ProblemAssert.IsAsync(answer, status, code);
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
