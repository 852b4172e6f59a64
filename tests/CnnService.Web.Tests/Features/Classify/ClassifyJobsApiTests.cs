using System.Globalization;
using System.Net;
using System.Text.Json;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.DependencyInjection;
using Parquet;

namespace CnnService.Web.Tests.Features.Classify;

/// <summary>A version whose answers are known, and images to ask it about, two of which it gets wrong; shared by the tests of
/// a class.</summary>
public sealed class ColoursToClassify : IAsyncLifetime
{
    internal static readonly (string Path, byte Red, byte Green, byte Blue)[] Images =
    [
        ("train/red/=1.png", 250, 0, 0), ("train/blue/a,b.png", 0, 0, 250), ("validation/red/1.png", 200, 0, 10),
        ("validation/red/2.png", 100, 0, 150), ("validation/blue/4.png", 10, 0, 200), ("validation/blue/5.png", 90, 0, 80),
    ];

    public CnnServiceApplication Service { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(Service, "colours");
        await ColourDataset.ImportAsync(Service, "images", Images);
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

public sealed class ClassifyJobsApiTests(ColoursToClassify fixture) : IClassFixture<ColoursToClassify>
{
    private readonly CnnServiceApplication _service = fixture.Service;

    [Fact]
    public async Task Job_WholeDataset_TellsWhatEveryImageIs()
    {
        using var answer = await PostAsync("""{"model":"colours@latest","dataset":"images"}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var location = answer.Headers.Location!.OriginalString;
        Assert.Matches(@"\A/classify/jobs/[0-9a-f]+\z", location);
        Assert.Equal(1, (await CnnServiceApplication.JsonAsync(answer)).GetProperty("version").GetInt32());

        var job = await EndAsync(location);

        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        var progress = job.GetProperty("progress");
        Assert.Equal(["6", "6", "1"], new[] { "done", "total", "fraction" }.Select(name => progress.GetProperty(name).ToString()));
        Assert.True(progress.GetProperty("imagesPerSecond").GetDouble() > 0);
        var judged = job.GetProperty("evaluation");
        Assert.Equal(4.0 / 6, judged.GetProperty("accuracy").GetDouble(), 1e-12);
        Assert.Equal("[[2,1],[1,2]]", judged.GetProperty("confusion").ToString());
        Assert.Equal(["blue", "red"], judged.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        var losses = ColoursToClassify.Images.Select(
            image => -Math.Log(
                image.Path.Contains("red", StringComparison.Ordinal)
                ? RedOrBlue.Red(image.Red, image.Blue)
                : 1 - RedOrBlue.Red(image.Red, image.Blue)));
        Assert.Equal(losses.Average(), judged.GetProperty("loss").GetDouble(), 1e-4);
        await CsvAsync(job);
        await ParquetAsync(job);
        await DeleteAsync(location);
    }

    [Fact]
    public async Task Job_OnePart_HasItsImagesOnlyAndIsListed()
    {
        using var answer = await PostAsync("""{"dataset":"images","split":"train"}""");

        var job = await EndAsync(answer.Headers.Location!.OriginalString);

        Assert.Equal(("train", 2, 1.0),
            (job.GetProperty("split").GetString(), job.GetProperty("progress").GetProperty("total").GetInt32(),
                job.GetProperty("evaluation").GetProperty("accuracy").GetDouble()));
        var listed = await _service.GetJsonAsync("classify/jobs");
        Assert.Contains(job.GetProperty("id").GetString(),
            listed.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Job_OnClassesThatTheModelDoesNotKnow_IsNotJudged()
    {
        await ColourDataset.ImportAsync(_service, "greens", ("train/green/1.png", 9, 0, 0), ("train/red/2.png", 200, 9, 0),
            ("validation/green/3.png", 19, 0, 0));
        using var answer = await PostAsync("""{"model":"colours","dataset":"greens"}""");

        var job = await EndAsync(answer.Headers.Location!.OriginalString);

        Assert.Equal(JsonValueKind.Null, job.GetProperty("evaluation").ValueKind);
        Assert.Equal("""["green"]""", job.GetProperty("unknownClasses").ToString());
        Assert.Equal(["", "", "true"], (await LinesAsync(job)).Skip(1).Select(line => line.Split(',')[6]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Job_RepeatedUnderAKey_IsMadeOnce()
    {
        const string Body = """{"model":"colours","dataset":"images","split":"train"}""";

        using var first = await PostAsync(Body, "once");
        using var again = await PostAsync(Body, "once");
        using var other = await PostAsync("""{"model":"colours","dataset":"images"}""", "once");

        Assert.Equal(first.Headers.Location, again.Headers.Location);
        await ProblemAssert.IsAsync(other, HttpStatusCode.Conflict, "idempotency.mismatch");
    }

    [Theory]
    [InlineData("""{"model":"colours:9","dataset":"images"}""", HttpStatusCode.NotFound, "model.version-not-found")]
    [InlineData("""{"model":"colours","dataset":"nothing"}""", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("""{"model":"colours","dataset":"images","split":"test"}""", HttpStatusCode.UnprocessableEntity, "dataset.empty-split")]
    [InlineData("""{"model":"colours","dataset":"images","split":"half"}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"model":"colours","more":1}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""[]""", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task Job_Unsound_IsAProblem(string body, HttpStatusCode status, string code) =>
    await ProblemAssert.IsAsync(await PostAsync(body), status, code);

    [Theory]
    [InlineData("classify/jobs/none")]
    [InlineData("classify/jobs/none/predictions.csv")]
    [InlineData("classify/jobs/none/predictions.parquet")]
    public async Task Read_OfNone_IsNotFound(string path) =>
        await ProblemAssert.IsAsync(await _service.Client.GetAsync(CnnServiceApplication.Relative(path)), HttpStatusCode.NotFound,
            "classify-job.not-found");

    [Theory]
    [InlineData("colours", 7, null, "model.version-not-found")]
    [InlineData("colours", 1, "other", "dataset.changed")]
    public async Task Job_WhoseSubjectIsAnotherWhenItsTurnComes_FailsAndSaysSo(string model, int version, string? digest, string code)
    {
        var row = await AddAsync(model, version, digest ?? "unused");

        await _service.Services.GetRequiredService<IJobRunner<ClassificationWork>>().RunAsync(row.Id, CancellationToken.None);

        var job = await _service.GetJsonAsync($"classify/jobs/{row.Id}");
        Assert.Equal(("failed", code), (job.GetProperty("state").GetString(), job.GetProperty("failure").GetProperty("code").GetString()));
        using var csv = await _service.Client.GetAsync(CnnServiceApplication.Relative($"classify/jobs/{row.Id}/predictions.csv"));
        await ProblemAssert.IsAsync(csv, HttpStatusCode.Conflict, "classify-job.no-result");
    }

    [Fact]
    public async Task Job_Cancelled_IsOverAndKeepsNothing()
    {
        var row = await AddAsync("colours", 1, "unused");
        Directory.CreateDirectory(Path.Combine(_service.DataDirectory, "classifications", row.Id));

        using var cancelled = await _service.Client.PostAsync(CnnServiceApplication.Relative($"classify/jobs/{row.Id}/cancel"), null);
        using var again = await _service.Client.PostAsync(CnnServiceApplication.Relative($"classify/jobs/{row.Id}/cancel"), null);

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted], [cancelled.StatusCode, again.StatusCode]);
        await _service.Services.GetRequiredService<IJobRunner<ClassificationWork>>().RunAsync(row.Id, CancellationToken.None);
        Assert.Equal("cancelled", (await _service.GetJsonAsync($"classify/jobs/{row.Id}")).GetProperty("state").GetString());
        Assert.False(Directory.Exists(Path.Combine(_service.DataDirectory, "classifications", row.Id)));
    }

    private async Task CsvAsync(JsonElement job)
    {
        var lines = await LinesAsync(job);
        Assert.Equal("id,file,split,trueClass,predicted,probability,correct,p_red,p_blue", lines[0]);
        Assert.Equal(6, lines.Length - 1);
        Assert.Contains(lines, line => line.Contains(",\"train/blue/a,b.png\",train,blue,blue,", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(",train/red/=1.png,train,red,red,", StringComparison.Ordinal));
        var wrong = lines.Single(line => line.Contains("validation/red/2.png", StringComparison.Ordinal)).Split(',');
        Assert.Equal(["validation", "red", "blue"], wrong[2..5]);
        Assert.Equal("false", wrong[6]);
        Assert.Equal(1 - RedOrBlue.Red(100, 150), double.Parse(wrong[5], CultureInfo.InvariantCulture), 1e-4);
        Assert.Equal(RedOrBlue.Red(100, 150), double.Parse(wrong[7], CultureInfo.InvariantCulture), 1e-4);
        using var image = await _service.Client.GetAsync(CnnServiceApplication.Relative($"datasets/images/images/{wrong[0]}"));
        Assert.Equal(RedOrBlue.Image(100, 0, 150), await image.Content.ReadAsByteArrayAsync());
    }

    /// <summary>The same in both tables.</summary>
    private async Task ParquetAsync(JsonElement job)
    {
        using var answer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative(job.GetProperty("links").GetProperty("parquet").GetString()![1..]));
        Assert.Equal("application/vnd.apache.parquet", answer.Content.Headers.ContentType?.MediaType);
        using var memory = new MemoryStream(await answer.Content.ReadAsByteArrayAsync());
        await using var reader = await ParquetReader.CreateAsync(memory);
        var group = Assert.Single(reader.RowGroups);
        var lines =
            (await LinesAsync(job))[1..].Select(
                line => line.Replace("\"train/blue/a,b.png\"", "train/blue/a;b.png", StringComparison.Ordinal).Split(',')).ToArray();
        Assert.Equal(["id", "file", "split", "trueClass", "predicted", "probability", "correct", "p_red", "p_blue"],
            reader.Schema.DataFields.Select(field => field.Name));
        var (ids, sure, correct) = (new string[6], new float[6], new bool?[6]);
        await group.ReadAsync(reader.Schema.DataFields[0], ids);
        await group.ReadAsync<float>(reader.Schema.DataFields[7], sure);
        await group.ReadAsync<bool>(reader.Schema.DataFields[6], correct);
        Assert.Equal(lines.Select(line => line[0]), ids);
        Assert.Equal(lines.Select(line => float.Parse(line[7], CultureInfo.InvariantCulture)), sure);
        Assert.Equal(lines.Select(line => (bool?)bool.Parse(line[6])), correct);
    }

    private async Task DeleteAsync(string location)
    {
        var id = location.Split('/')[^1];
        Assert.Equal(["predictions.csv", "predictions.parquet", "result.json"],
            Directory.GetFiles(Path.Combine(_service.DataDirectory, "classifications", id)).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
        using var late = await _service.Client.PostAsync(CnnServiceApplication.Relative($"{location[1..]}/cancel"), null);
        await ProblemAssert.IsAsync(late, HttpStatusCode.Conflict, "classify-job.finished");
        using var gone = await _service.Client.DeleteAsync(CnnServiceApplication.Relative(location[1..]));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.False(Directory.Exists(Path.Combine(_service.DataDirectory, "classifications", id)));
        using var again = await _service.Client.DeleteAsync(CnnServiceApplication.Relative(location[1..]));
        await ProblemAssert.IsAsync(again, HttpStatusCode.NotFound, "classify-job.not-found");
    }

    private async Task<string[]> LinesAsync(JsonElement job)
    {
        using var answer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative(job.GetProperty("links").GetProperty("csv").GetString()![1..]));
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A job that waits, and that nobody is told of.</summary>
    private async Task<ClassifyJobRow> AddAsync(string model, int version, string digest)
    {
        var row = new ClassifyJobRow
        {
            Id = RunId.New(TimeProvider.System),
            Model = model,
            Version = version,
            Dataset = "images",
            Digest = digest,
            Total = 6,
        };
        return (await _service.Services.GetRequiredService<ClassifyJobStore>().AddAsync(row, 100)).Value;
    }

    private Task<JsonElement> EndAsync(string location) => Eventually.IsAsync(
        () => _service.GetJsonAsync(location[1..]), seen => seen.GetProperty("finishedAt").ValueKind == JsonValueKind.String);

    private async Task<HttpResponseMessage> PostAsync(string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative("classify/jobs"))
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _service.Client.SendAsync(request);
    }
}
