using System.Net;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Runs;

/// <summary>The mistakes of one cell beside what they rest on; the tests write what a training would.</summary>
public sealed class ConfusionCellApiTests : IAsyncDisposable
{
    private readonly CnnServiceApplication _service = new([], WithoutWorker.Remove);

    [Fact]
    public async Task Cell_OfARunThatBecameAModel_ShowsImagesAndReasons()
    {
        var run = await RunAsync(becomes: true);
        var gone = await PngAsync($"/runs/{run}/confusion/blue/red.png");
        await SomeDataset.AddReadyAsync(_service.Services, SomeDataset.Manifest("colours", ["red", "blue"]));
        var images = Directory.CreateDirectory(
            Path.Combine(_service.Services.GetRequiredService<DataFolders>().Dataset("colours"), DatasetFolder.ImagesFolder)).FullName;
        await File.WriteAllBytesAsync(Path.Combine(images, SomeDataset.Sha256(1)), RedOrBlue.Image(255, 0, 100));

        var shown = await PngAsync($"/runs/{run}/confusion/blue/red.png");

        Assert.NotEqual(gone, shown);
        Assert.Equal(shown, await PngAsync($"/runs/{run}/confusion/1/0.png"));
        Assert.NotEqual(shown, await PngAsync($"/runs/{run}/confusion/blue/red.png?method=saliency"));
    }

    [Fact]
    public async Task Cell_EmptyOrUnknownOrBadlyAsked_IsAProblemThatSaysSo()
    {
        var run = await RunAsync(becomes: true);
        await ProblemAsync($"/runs/{run}/confusion/red/blue.png", HttpStatusCode.NotFound, "run.no-mistakes");
        await ProblemAsync($"/runs/{run}/confusion/green/red.png", HttpStatusCode.NotFound, "class.not-found");
        await ProblemAsync($"/runs/{run}/confusion/blue/red.png?count=13", HttpStatusCode.BadRequest, "request.invalid");
        await ProblemAsync($"/runs/{run}/confusion/blue/red.png?method=magic", HttpStatusCode.BadRequest, "request.invalid");
        await ProblemAsync($"/runs/none/confusion/blue/red.png", HttpStatusCode.NotFound, "run.not-found");
    }

    [Fact]
    public async Task Cell_RunBecameNoModel_IsAProblemThatSaysSo()
    {
        var run = await RunAsync(becomes: false);
        await ProblemAsync($"/runs/{run}/confusion/blue/red.png", HttpStatusCode.NotFound, "run.no-model");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private async Task<string> RunAsync(bool becomes)
    {
        var runs = _service.Services.GetRequiredService<RunStore>();
        var row = new RunRow
        {
            Id = RunId.New(TimeProvider.System),
            Request = """{"dataset":"colours"}""",
            Plan = JsonSerializer.Serialize(Plan(), CoreJson.Options),
            Dataset = "colours",
            Model = "colours",
            Epochs = 3,
        };
        Assert.True((await runs.AddAsync(row, 100)).Succeeded);
        var claim = (await RunWorker.ClaimAsync(_service.Services, row.Id, "test", TimeSpan.FromHours(1)))!;
        if (becomes)
        {
            Assert.True(await claim.SucceedAsync(await RedOrBlue.PublishAsync(_service, "colours")));
        }

        var folder = Directory.CreateDirectory(_service.Services.GetRequiredService<DataFolders>().Run(row.Id)).FullName;
        Evaluation().Write(folder);
        return row.Id;
    }

    private static TrainingPlan Plan() => new()
    {
        RunId = "run",
        DatasetFolder = "/none",
        Dataset = "colours",
        DatasetDigest = "0",
        Classes = ["red", "blue"],
        Architecture = "custom",
        Network = new(new(8, 8, 3), []),
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
    };

    private static RunEvaluation Evaluation() => new()
    {
        Epoch = 3,
        Dataset = "colours",
        DatasetDigest = "0",
        Network = "1",
        TrainingImages = [4, 4],
        Validation = new()
        {
            Split = Split.Validation,
            Images = 4,
            Loss = 0.5,
            Accuracy = 0.75,
            Classes = [new("red", 2.0 / 3, 1, 0.8, 2, 3), new("blue", 1, 0.5, 2.0 / 3, 2, 1)],
            Confusion = [[2, 0], [1, 1]],
            Mistakes = [],
            MistakesByCell = [new("id-1", "blue", "red", 0.9, 0.1)],
        },
    };

    private async Task<byte[]> PngAsync(string path)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.Content.Headers.ContentType?.MediaType == "image/png", System.Text.Encoding.UTF8.GetString(bytes));
        return bytes;
    }

    private async Task ProblemAsync(string path, HttpStatusCode status, string code)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        await ProblemAssert.IsAsync(answer, status, code);
    }
}
