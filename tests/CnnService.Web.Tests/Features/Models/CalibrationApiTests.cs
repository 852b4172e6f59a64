using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Models;

/// <summary>A version that was made elsewhere is calibrated here, and answers by it from then on.</summary>
public sealed class CalibrationApiTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new(new());

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Calibrate_OnADataSet_GivesProbabilitiesOfLogitsByTheTemperatureAndTellsTheUnknown()
    {
        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/calibration"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "model.not-calibrated");
        var before = await ClassifyAsync(120, 100);
        Assert.Equal(RedOrBlue.Red(120, 100), Probability(before), 1e-4);
        Assert.Null(Known(before));
        await ColourDataset.ImportAsync(_service, "images", Images());

        using var answer = await PostAsync("""{"dataset":"images"}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/models/colours/versions/1/calibration", answer.Headers.Location!.OriginalString);
        var ended = await Eventually.IsAsync(() => _service.GetJsonAsync("models/colours/versions/1/calibration"),
            seen => seen.GetProperty("state").GetString() is not ("queued" or "running"));

        Assert.Equal(("succeeded", "images:1"), (ended.GetProperty("state").GetString(), ended.GetProperty("dataset").GetString()));
        Assert.Equal(ended.GetProperty("total").GetInt32(), ended.GetProperty("done").GetInt32());
        var temperature = ended.GetProperty("calibration").GetProperty("temperature").GetDouble();
        Assert.InRange(temperature, 0.05, 0.9); // The network is surer than it says: none of its images is called wrong.

        // The definition: the sigmoid of the difference of the logits, divided by the temperature.
        var logit = RedOrBlue.Gain * (120 - 100) / 255.0 / temperature;
        var after = await ClassifyAsync(120, 100);
        Assert.Equal(1 / (1 + Math.Exp(-logit)), Probability(after), 1e-4);
        Assert.False(Known(await ClassifyAsync(255, 255))); // Neither class has purple ones.
        Assert.True(Known(await ClassifyAsync(200, 10)));
        var version = await _service.GetJsonAsync("models/colours/versions/1");
        Assert.Equal("nearest-neighbour", version.GetProperty("calibration").GetProperty("unknown").GetProperty("method").GetString());
        var listed = await _service.GetJsonAsync("models/colours");
        Assert.Equal(temperature, listed.GetProperty("versions")[0].GetProperty("calibration").GetProperty("temperature").GetDouble());
        using var diagram = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/calibration.png"));
        Assert.Equal(HttpStatusCode.OK, diagram.StatusCode);
    }

    [Fact]
    public async Task Version_CalibratedTwice_KeepsOnePackageAndGoesWithTheVersion()
    {
        await ColourDataset.ImportAsync(_service, "images", Images());
        for (var i = 0; i < 2; i++)
        {
            using var answer = await PostAsync("""{"dataset":"images"}""");
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            await Eventually.IsAsync(() => _service.GetJsonAsync("models/colours/versions/1/calibration"),
                seen => seen.GetProperty("state").GetString() == "succeeded");
            await ClassifyAsync(120, 100);
        }

        Assert.Single(Directory.GetDirectories(Path.Combine(_service.DataDirectory, "models", "colours", "1"), "calibrated-*"));
        using var deleted = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/versions/1"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await RedOrBlue.PublishAsync(_service, "colours");
        using var fresh = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/calibration"));
        Assert.Equal(HttpStatusCode.NotFound, fresh.StatusCode);
    }

    [Theory]
    [InlineData("""{}""", HttpStatusCode.UnprocessableEntity, "calibration.no-dataset")]
    [InlineData("""{"dataset":"nowhere"}""", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("""{"dataset":"few"}""", HttpStatusCode.UnprocessableEntity, "calibration.too-few-images")]
    [InlineData("""{"dataset":"other"}""", HttpStatusCode.UnprocessableEntity, "calibration.classes")]
    public async Task Calibrate_OfWhatCannotBe_TellsWhy(string body, HttpStatusCode status, string code)
    {
        await ColourDataset.ImportAsync(_service, "few", Images()[..6]);
        await ColourDataset.ImportAsync(
            _service, "other",
            [.. Images().Select(image => image with { Path = image.Path.Replace("red", "green", StringComparison.Ordinal) })]);

        using var answer = await PostAsync(body);

        await ProblemAssert.IsAsync(answer, status, code);
    }

    [Fact]
    public async Task Calibrate_OnADataSetOfSeveralLabelsAnImage_IsRefused()
    {
        await ShapesTogether.ImportAsync(_service, "several", count: 16);

        using var answer = await PostAsync("""{"dataset":"several"}""");

        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "dataset.multi-label");
    }

    /// <summary>Reds and blues, all told apart: 20 to learn from and 120 to judge by, no two alike.</summary>
    private static (string Path, byte Red, byte Green, byte Blue)[] Images() =>
        [.. Enumerable.Range(0, 140).Select(i =>
        {
            var (split, name) = (i is < 4 or > 123 ? "train" : "validation", i % 2 == 0 ? "red" : "blue");
            var (strong, weak) = ((byte)(90 + i), (byte)(i % 40));
            return ($"{split}/{name}/{i}.png", name == "red" ? strong : weak, (byte)0, name == "red" ? weak : strong);
        })];

    private async Task<HttpResponseMessage> PostAsync(string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative("models/colours/versions/1/calibrate"), body);
    }

    private async Task<JsonElement> ClassifyAsync(byte red, byte blue)
    {
        using var body = new ByteArrayContent(RedOrBlue.Image(red, 0, blue));
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=colours"), body);
        return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("results")[0];
    }

    private static double Probability(JsonElement result) => result.GetProperty("top").EnumerateArray()
        .First(one => one.GetProperty("label").GetString() == "red").GetProperty("probability").GetDouble();

    private static bool? Known(JsonElement result) =>
        result.TryGetProperty("known", out var known) && known.ValueKind != JsonValueKind.Null ? known.GetBoolean() : null;
}
