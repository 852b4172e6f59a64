using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Features.Classify;

public sealed class ClassifyApiTests : IClassFixture<ColoursService>
{
    private const double Tolerance = 1e-4;

    private readonly CnnServiceApplication _service;

    public ClassifyApiTests(ColoursService colours) => _service = colours.Service;

    [Theory]
    [InlineData(200, 50, 100)]
    [InlineData(0, 255, 255)]
    [InlineData(128, 0, 128)]
    public async Task RawImage_ProbabilitiesAreTheSoftmaxOfItsColour(byte red, byte green, byte blue)
    {
        using var answer = await PostAsync(RedOrBlue.Image(red, green, blue));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await CnnServiceApplication.JsonAsync(answer);
        Assert.Equal("colours", json.GetProperty("model").GetString());
        Assert.Equal(1, json.GetProperty("version").GetInt32());
        var result = Assert.Single(json.GetProperty("results").EnumerateArray());
        var expected = RedOrBlue.Red(red, blue);
        Assert.Equal(expected, Probability(result, "red"), Tolerance);
        Assert.Equal(1 - expected, Probability(result, "blue"), Tolerance);
        Assert.Equal(expected >= 0.5 ? "red" : "blue", result.GetProperty("label").GetString());
        foreach (var time in new[] { "decodeMs", "queueMs", "inferenceMs" })
        {
            Assert.InRange(json.GetProperty("timing").GetProperty(time).GetDouble(), 0, 60_000);
        }

        Assert.Equal((1, "cpu"),
            (json.GetProperty("timing").GetProperty("batchSize").GetInt32(), json.GetProperty("timing").GetProperty("device").GetString()));
    }

    [Fact]
    public async Task ManyFiles_UnreadableOne_IsAnErrorOfItsOwn()
    {
        using var form = new MultipartFormDataContent();
        AddFile(form, RedOrBlue.Image(255, 0, 0), "red.png");
        AddFile(form, "no image"u8.ToArray(), "text.jpg");
        AddFile(form, RedOrBlue.Image(0, 0, 255), "blue.png");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify"), form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var results = (await CnnServiceApplication.JsonAsync(answer)).GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(["red.png", "text.jpg", "blue.png"], results.Select(result => result.GetProperty("file").GetString()));
        Assert.Equal("red", results[0].GetProperty("label").GetString());
        Assert.StartsWith("image.", results[1].GetProperty("error").GetProperty("code").GetString(), StringComparison.Ordinal);
        Assert.Equal("blue", results[2].GetProperty("label").GetString());
    }

    [Fact]
    public async Task Base64_AnswersAsTheRawImage()
    {
        var image = RedOrBlue.Image(10, 20, 230);
        using var raw = await PostAsync(image);
        using var base64 = await _service.Client.PostAsJsonAsync(
            CnnServiceApplication.Relative("classify"), new { images = new[] { Convert.ToBase64String(image) } });
        Assert.Equal(
            (await CnnServiceApplication.JsonAsync(raw)).GetProperty("results")[0].GetProperty("top").ToString(),
            (await CnnServiceApplication.JsonAsync(base64)).GetProperty("results")[0].GetProperty("top").ToString());
    }

    [Fact]
    public async Task RealImages_EveryWayOfSending_AgreesAndSumsToOne()
    {
        var file = Directory.EnumerateFiles(SharedData.Path("dogs-vs-cats-small", "validation", "cats")).Order(StringComparer.Ordinal)
            .First();
        var image = await File.ReadAllBytesAsync(file);
        using var raw = await PostAsync(image, mediaType: "image/jpeg");
        using var form = new MultipartFormDataContent();
        AddFile(form, image, "cat.jpg");
        using var multipart = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify"), form);
        var top = (await CnnServiceApplication.JsonAsync(raw)).GetProperty("results")[0].GetProperty("top");
        Assert.Equal(top.ToString(),
            (await CnnServiceApplication.JsonAsync(multipart)).GetProperty("results")[0].GetProperty("top").ToString());
        Assert.Equal(1, top.EnumerateArray().Sum(one => one.GetProperty("probability").GetDouble()), Tolerance);
    }

    [Fact]
    public async Task Top_LimitsTheClassesNamed()
    {
        using var answer = await PostAsync(RedOrBlue.Image(1, 2, 3), "?top=1");
        var result = (await CnnServiceApplication.JsonAsync(answer)).GetProperty("results")[0];
        Assert.Equal(1, result.GetProperty("top").GetArrayLength());
    }

    /// <summary>Each view of an image of one colour is that image.</summary>
    [Fact]
    public async Task Views_OfOneColour_AnswerAsTheImage()
    {
        using var answer = await PostAsync(RedOrBlue.Image(200, 50, 100), "?views=10");

        var result = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results")[0];
        Assert.Equal(RedOrBlue.Red(200, 100), result.GetProperty("probability").GetDouble(), 1e-4);
    }

    [Theory]
    [InlineData("?top=0", HttpStatusCode.BadRequest)]
    [InlineData("?top=1001", HttpStatusCode.BadRequest)]
    [InlineData("?views=0", HttpStatusCode.BadRequest)]
    [InlineData("?views=11", HttpStatusCode.BadRequest)]
    [InlineData("?model=nothing", HttpStatusCode.NotFound)]
    [InlineData("?model=colours:9", HttpStatusCode.NotFound)]
    [InlineData("?model=colours@nobody", HttpStatusCode.NotFound)]
    [InlineData("?model=../colours", HttpStatusCode.BadRequest)]
    [InlineData("?model=colours:-1", HttpStatusCode.BadRequest)]
    [InlineData("?model=colours:99999999999999999999", HttpStatusCode.BadRequest)]
    public async Task WrongParameter_IsAProblem(string query, HttpStatusCode status)
    {
        using var answer = await PostAsync(RedOrBlue.Image(1, 2, 3), query);
        await ProblemAssert.IsAsync(answer, status);
    }

    [Theory]
    [InlineData("?model=colours")]
    [InlineData("?model=colours:1")]
    [InlineData("?model=colours@latest")]
    [InlineData("?model=colours@production")]
    public async Task Reference_InEachForm_NamesTheVersion(string query)
    {
        using var alias = await _service.Client.PutAsJsonAsync(CnnServiceApplication.Relative("models/colours/aliases/production"),
            new { version = 1 });
        Assert.Equal(HttpStatusCode.OK, alias.StatusCode);
        using var answer = await PostAsync(RedOrBlue.Image(1, 2, 3), query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task SingleUnreadableImage_IsTheAnswersOwnProblem()
    {
        var cut = RedOrBlue.Image(1, 2, 3)[..60];
        using var answer = await PostAsync(cut);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("dispose_bgnd.gif", "image/gif", HttpStatusCode.OK, null)]
    [InlineData("transparent.webp", "image/webp", HttpStatusCode.OK, null)]
    [InlineData("hopper_gray.jpg", "IMAGE/PJPEG", HttpStatusCode.OK, null)]
    [InlineData("12bit.cropped.tif", "image/tiff", HttpStatusCode.UnsupportedMediaType, "image.unsupported")]
    [InlineData("text.jpg", "image/svg+xml", HttpStatusCode.UnsupportedMediaType, "image.unsupported")]
    [InlineData("zero_width.gif", "image/gif", HttpStatusCode.UnprocessableEntity, "image.unreadable")]
    public async Task RawBodyOfAnyImageType_IsJudgedByItsContent(string file, string mediaType, HttpStatusCode status, string? code)
    {
        using var answer = await PostAsync(
            await File.ReadAllBytesAsync(SharedData.Path("odd-images", file)), "?model=colours", mediaType);
        if (code is null)
        {
            Assert.Equal(status, answer.StatusCode);
        }
        else
        {
            await ProblemAssert.IsAsync(answer, status, code);
        }
    }

    [Fact]
    public async Task RawBitmap_IsClassified()
    {
        // The header of a bitmap of 1 x 1 with 24 bits, and its pixel: blue, green, red and a byte that fills the row.
        byte[] red =
        [
            (byte)'B', (byte)'M', 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0,
            0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0,
        ];
        using var answer = await PostAsync(red, mediaType: "image/bmp");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("red", (await CnnServiceApplication.JsonAsync(answer)).GetProperty("results")[0].GetProperty("label").GetString());
    }

    [Theory]
    [InlineData("""{"images":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"images":["no base64!"]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"images":["AAAA"],"extra":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"images":["AAAA"],"images":["AAAA"]}""", HttpStatusCode.BadRequest)]
    public async Task UnsoundJson_IsAProblem(string body, HttpStatusCode status)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify"), content);
        await ProblemAssert.IsAsync(answer, status);
    }

    [Fact]
    public async Task FormWithoutFiles_IsAProblem()
    {
        using var form = new MultipartFormDataContent { { new StringContent("x"), "name" } };
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify"), form);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest);
    }

    private static double Probability(JsonElement result, string label) => result.GetProperty("top").EnumerateArray()
        .Single(one => one.GetProperty("label").GetString() == label).GetProperty("probability").GetDouble();

    private static void AddFile(MultipartFormDataContent form, byte[] file, string name)
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(part, "files", name);
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] image, string query = "", string mediaType = "image/png")
    {
        using var content = new ByteArrayContent(image);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return await _service.Client.PostAsync(CnnServiceApplication.Relative($"classify{query}"), content);
    }
}
