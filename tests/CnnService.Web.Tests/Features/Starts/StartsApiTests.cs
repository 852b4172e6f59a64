using System.Net;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Starts;

/// <summary>The start that comes with the service, and a small one in a folder of the operator.</summary>
public sealed class StartsApiTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private CnnServiceApplication _service = null!;

    public async ValueTask InitializeAsync()
    {
        TinyStart.Write(_folder.Path);
        _service = new(new() { ["Starts:Folders"] = _folder.Path, ["Models:ImportTimeout"] = "00:05:00" }, WithoutWorker.Remove);
        await SomeDataset.AddReadyAsync(_service.Services, SomeDataset.Manifest("pets", ["cats", "dogs"]));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Starts_NameSourceLicenceHashAndWhatIsNotStated()
    {
        var starts = await _service.GetJsonAsync("starts");

        Assert.Equal(["resnet18-mlnet", "tiny"], Names(starts.GetProperty("items")));
        var start = starts.GetProperty("items")[0];
        Assert.Equal("e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f", start.GetProperty("sha256").GetString());
        Assert.Contains("DnnImageFeaturizer.ResNet18 0.23.1", start.GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("MIT", start.GetProperty("licence").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Not stated", start.GetProperty("terms").GetString(), StringComparison.Ordinal);
        Assert.Equal(63_653_533, start.GetProperty("bytes").GetInt64());
        Assert.Empty(starts.GetProperty("unusable").EnumerateArray());
    }

    [Fact]
    public async Task Start_IsLookedIntoLikeAModel_AndIsNoModel()
    {
        var layers = await _service.GetJsonAsync("visualize?model=tiny");

        Assert.Equal(["look", "mean"], Names(layers.GetProperty("layers")));
        Assert.Empty((await _service.GetJsonAsync("models")).GetProperty("items").EnumerateArray());
        using var classified = new ByteArrayContent(RedOrBlue.Image(10, 0, 240));
        classified.Headers.ContentType = new("image/png");
        await ProblemAssert.IsAsync(
            await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=tiny"), classified),
            HttpStatusCode.UnprocessableEntity, "model.no-classes");
    }

    [Fact]
    public async Task Train_FromAPretrainedStart_TakesItsSizePreprocessingAndWeights()
    {
        using var answer = await TrainAsync("""{"dataset":"pets","startFrom":{"pretrained":"tiny"},"freeze":["*"]}""");

        var run = await CnnServiceApplication.JsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, run.ToString());
        var row = await _service.Services.GetRequiredService<RunStore>().FindAsync(run.GetProperty("id").GetString()!);
        var plan = System.Text.Json.JsonSerializer.Deserialize<TrainingPlan>(row!.Plan, CoreJson.Options)!;
        Assert.Equal(new(TinyStart.Side, TinyStart.Side, 3), plan.Network.Input);
        Assert.Equal(["look", "mean", "classifier"], plan.Network.Layers.Select(layer => layer.Name));
        Assert.Equal(["look", "mean"], plan.Frozen);
        Assert.Equal((ChannelOrder.Bgr, "tiny"), (plan.Preprocessing.ChannelOrder, plan.StartFrom!.Model));
    }

    [Theory]
    [InlineData("""{"dataset":"pets","startFrom":{"pretrained":"tiny"},"imageSize":128}""", "imageSize")]
    [InlineData("""{"dataset":"pets","startFrom":{"pretrained":"tiny"},"architecture":"resnet18"}""", "architecture")]
    [InlineData("""{"dataset":"pets","startFrom":{"pretrained":"tiny"},"normalization":"caffe"}""", "normalization")]
    [InlineData("""{"dataset":"pets","startFrom":{"pretrained":"tiny","version":2}}""", "startFrom.pretrained")]
    [InlineData("""{"dataset":"pets","startFrom":{"pretrained":"tiny","model":"tiny"}}""", "startFrom.pretrained")]
    [InlineData("""{"dataset":"pets","model":"tiny"}""", "model")]
    public async Task Train_FromAStart_RefusesWhatItFixes(string body, string field)
    {
        using var answer = await TrainAsync(body);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Train_FromNoStart_NamesThoseThereAre()
    {
        using var answer = await TrainAsync("""{"dataset":"pets","startFrom":{"pretrained":"resnet-50"}}""");

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "start.not-found");
        Assert.Contains("resnet18-mlnet, tiny", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Names(System.Text.Json.JsonElement items) =>
        items.EnumerateArray().Select(item => item.GetProperty("name").GetString());

    private async Task<HttpResponseMessage> TrainAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative("train"), content);
    }
}
