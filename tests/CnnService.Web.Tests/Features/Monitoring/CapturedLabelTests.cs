using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Monitoring;

/// <summary>A model of which each image is kept, and a data set to put them into; shared by the tests of a class.</summary>
public sealed class KeptColours : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(Service, "colours");
        await ColourDataset.ImportAsync(Service, "images", ("train/red/1.png", 250, 0, 0), ("train/blue/1.png", 0, 0, 250),
            ("validation/red/1.png", 200, 0, 0));
        using var answer = await Service.Client.PutAsync(CnnServiceApplication.Relative("models/colours/capture"), Json("""{"share":1}"""));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    internal static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    /// <summary>Has an image classified and kept; gives its address among the kept ones.</summary>
    internal async Task<string> KeepAsync(byte[] file)
    {
        var known = (await ListAsync()).Length;
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var answer = await Service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=colours"), content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var kept = await Eventually.IsAsync(ListAsync, items => items.Length > known);
        return $"models/colours/captured/{kept[0].GetProperty("id").GetString()}";
    }

    private async Task<JsonElement[]> ListAsync() =>
        [.. (await Service.GetJsonAsync("models/colours/captured")).GetProperty("items").EnumerateArray()];
}

/// <summary>POST /models/{name}/captured/{id}/label.</summary>
public sealed class CapturedLabelTests(KeptColours fixture) : IClassFixture<KeptColours>
{
    private readonly CnnServiceApplication _service = fixture.Service;

    [Fact]
    public async Task Label_PutsTheImageIntoTheDataset_AndIsRemembered()
    {
        var file = RedOrBlue.Image(120, 0, 130);
        var path = await fixture.KeepAsync(file);
        Assert.Equal(JsonValueKind.Null, (await _service.GetJsonAsync(path)).GetProperty("labelled").ValueKind);

        using var answer = await LabelAsync(path, """{"dataset":"images","class":"red"}""");

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var added = await CnnServiceApplication.JsonAsync(answer);
        var image = Assert.Single(added.GetProperty("added").EnumerateArray());
        Assert.Equal(("red", "train"), (image.GetProperty("class").GetString(), image.GetProperty("split").GetString()));
        Assert.Equal(file, await _service.Client.GetByteArrayAsync(CnnServiceApplication.Relative(image.GetProperty("url").GetString()!)));
        Assert.Equal(2,
            added.GetProperty("dataset").GetProperty("classes").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "red")
            .GetProperty("train").GetInt32());
        var kept = await _service.GetJsonAsync(path);
        Assert.Equal(("blue", """{"dataset":"images","split":"train","class":"red"}"""),
            (kept.GetProperty("label").GetString(), kept.GetProperty("labelled").GetRawText()));
    }

    [Fact]
    public async Task Label_TwiceAtOnceAndAgain_PutsItInOnce()
    {
        var path = await fixture.KeepAsync(RedOrBlue.Image(60, 0, 70));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => LabelAsync(path, """{"dataset":"images","class":"blue","split":"validation"}""")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        var problem = await ProblemAssert.IsAsync(answers.First(answer => answer.StatusCode != HttpStatusCode.OK), HttpStatusCode.Conflict,
            "captured.labelled");
        Assert.Equal("blue", problem.GetProperty("labelled").GetProperty("class").GetString());
        Assert.Single(
            (await _service.GetJsonAsync("datasets/images/images?class=blue&split=validation")).GetProperty("items").EnumerateArray());
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Theory]
    [InlineData("""{"class":"a"}""", "dataset")]
    [InlineData("""{"dataset":"images","class":"a\nb","split":"most","label":"a"}""", "class", "label", "split")]
    [InlineData("""{}""", "class", "dataset")]
    public async Task Label_Unsound_NamesEveryField(string body, params string[] fields)
    {
        using var answer = await LabelAsync("models/colours/captured/any", body);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(fields, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task Label_UnderAClassThatTheDataSetDoesNotHave_NamesTheKnownOnes_AndMakesNone()
    {
        var path = await fixture.KeepAsync(RedOrBlue.Image(21, 0, 22));

        using var answer = await LabelAsync(path, """{"dataset":"images","class":"bleu"}""");

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        var rule = problem.GetProperty("errors").GetProperty("class")[0].GetString();
        Assert.Contains("'images': blue, red;", rule, StringComparison.Ordinal);
        Assert.EndsWith("received \"bleu\"; did you mean blue?", rule, StringComparison.Ordinal);
        var classes = (await _service.GetJsonAsync("datasets/images")).GetProperty("classes").EnumerateArray();
        Assert.Equal(["blue", "red"], classes.Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, (await _service.GetJsonAsync(path)).GetProperty("labelled").ValueKind);
    }

    [Fact]
    public async Task Label_OfWhatIsNotThere_IsNotFound_AndMarksNothing()
    {
        const string Body = """{"dataset":"none","class":"red"}""";
        using var noModel = await LabelAsync("models/nothing/captured/any", Body);
        await ProblemAssert.IsAsync(noModel, HttpStatusCode.NotFound, "model.not-found");
        using var noImage = await LabelAsync("models/colours/captured/any", Body);
        await ProblemAssert.IsAsync(noImage, HttpStatusCode.NotFound, "captured.not-found");
        var path = await fixture.KeepAsync(RedOrBlue.Image(11, 0, 12));
        using var noDataset = await LabelAsync(path, Body);
        await ProblemAssert.IsAsync(noDataset, HttpStatusCode.NotFound, "dataset.not-found");
        Assert.Equal(JsonValueKind.Null, (await _service.GetJsonAsync(path)).GetProperty("labelled").ValueKind);
    }

    private Task<HttpResponseMessage> LabelAsync(string path, string body) =>
        _service.Client.PostAsync(CnnServiceApplication.Relative($"{path}/label"), KeptColours.Json(body));
}
