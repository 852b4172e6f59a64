using System.Net;
using System.Text;
using System.Text.Json;
using CnnService.Core.Models;
using CnnService.Core.Models.Quantization;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Models;

public sealed class QuantizationApiTests : IAsyncLifetime
{
    private static readonly (string Path, byte Red, byte Green, byte Blue)[] Images =
    [
        ("train/red/0.png", 250, 0, 0), ("train/blue/0.png", 0, 0, 250),
        ("validation/red/1.png", 200, 0, 10), ("validation/red/2.png", 100, 0, 150), ("validation/red/3.png", 255, 1, 1),
        ("validation/blue/4.png", 10, 0, 200), ("validation/blue/5.png", 90, 0, 140), ("validation/blue/6.png", 1, 1, 255),
    ];

    private readonly CnnServiceApplication _service = new(new());

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Quantize_OnADataSet_TellsBothFiguresAndWhetherItIsAccepted()
    {
        await ColourDataset.ImportAsync(_service, "images", Images);
        using var answer = await PostAsync("colours", """{"dataset":"images","maxAccuracyLoss":0.1}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/models/colours/versions/1/quantization", answer.Headers.Location!.OriginalString);

        var json = await Eventually.IsAsync(() => _service.GetJsonAsync("models/colours/versions/1/quantization"),
            seen => seen.GetProperty("state").GetString() is not ("queued" or "running"));

        // Image 2 is called red and is more blue: five of six are right, in either arithmetic.
        Assert.Equal("succeeded", json.GetProperty("state").GetString());
        Assert.Equal((5.0 / 6, 5.0 / 6), Figures(json.GetProperty("accuracy")));
        Assert.Equal(1, json.GetProperty("agreement").GetDouble());
        Assert.Equal((6, 6, 1), (Number(json, "done"), Number(json, "total"), Number(json, "quantizedLayers")));
        Assert.Equal("images:1", json.GetProperty("dataset").GetString());
        var (float32, int8) = Figures(json.GetProperty("imagesPerSecond"));
        Assert.True(float32 > 0 && int8 > 0);
        var accepted = json.GetProperty("accepted").GetBoolean();
        Assert.Contains(accepted ? "is faster" : "not faster", json.GetProperty("reason").GetString(), StringComparison.Ordinal);
        using var file = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/onnx?precision=int8"));
        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.Conflict, file.StatusCode);
    }

    [Fact]
    public async Task Serving_OfAnAcceptedVersion_ClassifiesWithItsFile()
    {
        var file = await AcceptAsync(towardsRed: 50); // Calls red what the version calls blue, so that it is seen which one answers.
        Assert.Equal("blue", await ClassifyAsync());

        using (var put = await PutAsync("""{"precision":"int8"}"""))
        {
            var json = await CnnServiceApplication.JsonAsync(put);
            Assert.Equal("int8", json.GetProperty("effective").GetProperty("precision").GetString());
            Assert.Equal([1], json.GetProperty("int8Versions").EnumerateArray().Select(version => version.GetInt32()));
        }

        Assert.Equal("red", await ClassifyAsync());
        Assert.Equal(file, await _service.Client.GetByteArrayAsync(
            CnnServiceApplication.Relative("models/colours/versions/1/onnx?precision=int8")));

        using (await PutAsync("""{"precision":"float32"}"""))
        {
        }

        Assert.Equal("blue", await ClassifyAsync());
        Assert.Null((await VersionAsync()).Match(model => ModelPackage.Verify(model.Folder).Problem, problem => problem));
    }

    [Fact]
    public async Task Serving_OfAVersionThatCameLater_IsInFloat32()
    {
        await AcceptAsync(towardsRed: 50);
        using (await PutAsync("""{"precision":"int8"}"""))
        {
        }

        await RedOrBlue.PublishAsync(_service, "colours");

        Assert.Equal("blue", await ClassifyAsync());
    }

    [Fact]
    public async Task Quantization_ThatWasNotAccepted_CanNeitherBeServedNorDownloaded()
    {
        using var serving = await PutAsync("""{"precision":"int8"}""");
        await ProblemAssert.IsAsync(serving, HttpStatusCode.Conflict, "quantization.not-accepted");
        using var file = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/onnx?precision=int8"));
        await ProblemAssert.IsAsync(file, HttpStatusCode.Conflict, "quantization.not-accepted");
        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/quantization"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "quantization.not-found");

        var model = (await VersionAsync()).Value;
        QuantizedFiles.Write(model, Report(model, accepted: false), [1]);
        using var refused = await PutAsync("""{"precision":"int8"}""");
        var problem = await ProblemAssert.IsAsync(refused, HttpStatusCode.Conflict, "quantization.not-accepted");
        Assert.Contains("because the test says so", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", HttpStatusCode.UnprocessableEntity, "quantization.no-dataset")]
    [InlineData("""{"dataset":"nowhere"}""", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("""{"maxAccuracyLoss":1.5}""", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task Quantize_OfWhatCannotBe_TellsWhy(string body, HttpStatusCode status, string code)
    {
        using var answer = await PostAsync("colours", body);

        await ProblemAssert.IsAsync(answer, status, code);
    }

    private static (double Float32, double Int8) Figures(JsonElement both) =>
        (both.GetProperty("float32").GetDouble(), both.GetProperty("int8").GetDouble());

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static QuantizationReport Report(LoadedModel model, bool accepted) => new()
    {
        Source = model.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Sha256,
        Method = "by hand",
        QuantizedLayers = 1,
        LeftInFloat = [],
        CalibrationImages = 1,
        CalibratedOn = Core.Datasets.Split.Train,
        Images = 1,
        Accuracy = new(1, 1),
        Agreement = 1,
        ImagesPerSecond = new(1, 2),
        SingleImagesPerSecond = new(1, 2),
        MaxAccuracyLoss = 1,
        Accepted = accepted,
        Reason = "because the test says so",
    };

    /// <summary>Puts another network in the place of version 1's 8-bit one; answers its file.</summary>
    private async Task<byte[]> AcceptAsync(float towardsRed)
    {
        await RedOrBlue.PublishAsync(_service, "other", towardsRed);
        var registry = _service.Services.GetRequiredService<ModelRegistry>();
        var file = await File.ReadAllBytesAsync((await registry.ResolveAsync("other", 1)).Value.OnnxPath);
        var model = (await VersionAsync()).Value;
        QuantizedFiles.Write(model, Report(model, accepted: true), file);
        return file;
    }

    private Task<Core.Common.Outcome<LoadedModel>> VersionAsync() =>
        _service.Services.GetRequiredService<ModelRegistry>().ResolveAsync("colours", 1);

    private async Task<string?> ClassifyAsync()
    {
        using var image = new ByteArrayContent(RedOrBlue.Image(0, 0, 250));
        image.Headers.ContentType = new("image/png");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=colours"), image);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("results")[0].GetProperty("label").GetString();
    }

    private async Task<HttpResponseMessage> PostAsync(string model, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative($"models/{model}/versions/1/quantize"), body);
    }

    private async Task<HttpResponseMessage> PutAsync(string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await _service.Client.PutAsync(CnnServiceApplication.Relative("models/colours/serving"), body);
    }
}
