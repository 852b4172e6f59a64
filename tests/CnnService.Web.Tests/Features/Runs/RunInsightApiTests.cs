using System.IO.Compression;
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

/// <summary>What is served of a run's evaluation, history and advice; the tests write what a training would.</summary>
public sealed class RunInsightApiTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new([], WithoutWorker.Remove);

    private RunStore Runs => _service.Services.GetRequiredService<RunStore>();

    private DataFolders Folders => _service.Services.GetRequiredService<DataFolders>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Evaluation_OfAFinishedRun_HasMatrixFiguresAndLinksToMistakes()
    {
        var claim = await ClaimAsync();
        Judged(claim.Id, Split.Validation);

        var evaluation = await _service.GetJsonAsync($"/runs/{claim.Id}/evaluation");

        Assert.Equal((claim.Id, 3, "pets", "validation", 4, 0.75), (
            Text("run"), evaluation.GetProperty("epoch").GetInt32(), Text("dataset"), Text("split"),
            evaluation.GetProperty("images").GetInt32(), evaluation.GetProperty("accuracy").GetDouble()));
        Assert.Equal("[[2,0],[1,1]]", evaluation.GetProperty("confusion").GetRawText());
        Assert.Equal(JsonValueKind.Null, evaluation.GetProperty("classes")[1].GetProperty("precision").ValueKind);
        var mistake = evaluation.GetProperty("mistakes")[0];
        Assert.Equal(("id-1", "dogs", "cats", 0.9), (
            mistake.GetProperty("image").GetString(), mistake.GetProperty("trueClass").GetString(),
            mistake.GetProperty("predictedClass").GetString(), mistake.GetProperty("probability").GetDouble()));
        Assert.Equal("/datasets/pets:1/images/id-1", mistake.GetProperty("links").GetProperty("image").GetString());
        Assert.Equal("/datasets/pets:1/images/id-1?size=128", mistake.GetProperty("links").GetProperty("thumbnail").GetString());
        string? Text(string name) => evaluation.GetProperty(name).GetString();
    }

    /// <summary>A client made from the OpenAPI text does not take null for what the text does not call nullable.</summary>
    [Fact]
    public async Task Evaluation_WithAClassThatIsNeverPredicted_IsReadByTheClient()
    {
        var claim = await ClaimAsync();
        Judged(claim.Id, Split.Validation);

        var evaluation = await new Client.CnnServiceClient(_service.Client).GetRunEvaluationAsync(claim.Id);

        Assert.Equal([2.0 / 3, null], evaluation.Classes.Select(figures => figures.Precision));
    }

    [Fact]
    public async Task Evaluation_NothingToValidate_SaysThatTrainingImagesWereJudged()
    {
        var claim = await ClaimAsync();
        Judged(claim.Id, Split.Train);

        Assert.Equal("train",
            (await _service.GetJsonAsync($"/runs/{claim.Id}/evaluation?split=validation")).GetProperty("split").GetString());
    }

    [Fact]
    public async Task Evaluation_OfTheTestImages_IsServedWhereThereAreSome()
    {
        var claim = await ClaimAsync();
        Judged(claim.Id, Split.Validation, Split.Test);

        var evaluation = await _service.GetJsonAsync($"/runs/{claim.Id}/evaluation?split=test");

        Assert.Equal("test", evaluation.GetProperty("split").GetString());
        Assert.EndsWith("confusion.png?split=test", evaluation.GetProperty("links").GetProperty("confusion").GetString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evaluation")]
    [InlineData("confusion.png")]
    [InlineData("mistakes.png")]
    public async Task Evaluation_RunNotOverOrNoSuchPart_IsNotFoundAndSaysWhy(string what)
    {
        var claim = await ClaimAsync();
        await IsProblemAsync($"/runs/{claim.Id}/{what}", HttpStatusCode.NotFound, "run.no-evaluation");
        Judged(claim.Id, Split.Validation);
        await IsProblemAsync($"/runs/{claim.Id}/{what}?split=test", HttpStatusCode.NotFound, "run.no-evaluation");
        await IsProblemAsync($"/runs/{claim.Id}/{what}?split=train", HttpStatusCode.BadRequest, "request.invalid");
    }

    [Theory]
    [InlineData("confusion.png")]
    [InlineData("mistakes.png")]
    [InlineData("mistakes.png?count=1")]
    public async Task Images_OfAFinishedRun_ArePngEvenWhereTheDatasetIsGone(string what)
    {
        var claim = await ClaimAsync();
        Judged(claim.Id, Split.Validation);

        await IsPngAsync($"/runs/{claim.Id}/{what}");
    }

    [Fact]
    public async Task Mistakes_DatasetThere_ShowItsImages()
    {
        var claim = await ClaimAsync();
        Judged(claim.Id, Split.Validation);
        var gone = await IsPngAsync($"/runs/{claim.Id}/mistakes.png");
        await SomeDataset.AddReadyAsync(_service.Services, SomeDataset.Manifest("pets", ["cats", "dogs"]));
        var images = Directory.CreateDirectory(Path.Combine(Folders.Dataset("pets"), DatasetFolder.ImagesFolder)).FullName;
        await File.WriteAllBytesAsync(Path.Combine(images, SomeDataset.Sha256(1)), RedOrBlue.Image(255, 0, 0));

        var shown = await IsPngAsync($"/runs/{claim.Id}/mistakes.png");

        Assert.NotEqual(gone, shown);
        Assert.Equal(shown, await IsPngAsync($"/runs/{claim.Id}/mistakes.png"));
    }

    [Fact]
    public async Task Mistakes_CountOutOfRangeOrNone_IsAProblem()
    {
        var claim = await ClaimAsync();
        Judged(claim.Id, Split.Validation);
        await IsProblemAsync($"/runs/{claim.Id}/mistakes.png?count=0", HttpStatusCode.BadRequest, "request.invalid");
        await IsProblemAsync($"/runs/{claim.Id}/mistakes.png?count=51", HttpStatusCode.BadRequest, "request.invalid");
        var whole = RunEvaluation.Read(Folders.Run(claim.Id))!;
        (whole with { Validation = whole.Validation with { Mistakes = [] } }).Write(Folders.Run(claim.Id));
        await IsProblemAsync($"/runs/{claim.Id}/mistakes.png", HttpStatusCode.NotFound, "run.no-mistakes");
    }

    [Fact]
    public async Task Confusion_VeryManyClasses_HasNoMatrix()
    {
        var claim = await ClaimAsync();
        Judged(claim.Id, Split.Validation);
        var whole = RunEvaluation.Read(Folders.Run(claim.Id))!;
        (whole with { Validation = whole.Validation with { Confusion = [] } }).Write(Folders.Run(claim.Id));

        await IsProblemAsync($"/runs/{claim.Id}/confusion.png", HttpStatusCode.NotFound, "run.no-confusion");
    }

    [Fact]
    public async Task Advice_OfARunThatDiverged_IsALowerRate()
    {
        var claim = await ClaimAsync();
        await claim.EpochAsync(Figures(1, 0.6));
        await claim.FailAsync(Problem.Unprocessable("training.diverged", "The loss is not finite."));

        var advice = (await _service.GetJsonAsync($"/runs/{claim.Id}/advice"))[0];

        Assert.Equal(("learning-rate.too-high", 2), (advice.GetProperty("code").GetString(), advice.GetProperty("epoch").GetInt32()));
        Assert.Contains("0.0001", advice.GetProperty("evidence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_OfARunAtWork_SpeaksOfWhatIsSeenSoFar()
    {
        var claim = await ClaimAsync();
        Assert.Equal("training.too-early", (await _service.GetJsonAsync($"/runs/{claim.Id}/advice"))[0].GetProperty("code").GetString());
        foreach (var (loss, i) in new[] { 0.5, 0.4, 0.5, 0.6 }.Select((loss, i) => (loss, i)))
        {
            await claim.EpochAsync(Figures(i + 1, loss));
        }

        var advice = (await _service.GetJsonAsync($"/runs/{claim.Id}/advice")).EnumerateArray().Single();

        Assert.Equal(("training.overfitting", 2), (advice.GetProperty("code").GetString(), advice.GetProperty("epoch").GetInt32()));
    }

    [Fact]
    public async Task Advice_WithAnEvaluation_KnowsTheClasses()
    {
        var claim = await ClaimAsync();
        await claim.EpochAsync(Figures(1, 0.5));
        Judged(claim.Id, Split.Validation);

        var codes = (await _service.GetJsonAsync($"/runs/{claim.Id}/advice")).EnumerateArray()
            .Select(advice => advice.GetProperty("code").GetString());

        Assert.Equal(["classes.unbalanced"], codes);
    }

    [Fact]
    public async Task TensorBoard_OfARun_IsAZipOfItsFolder()
    {
        var claim = await ClaimAsync();
        await IsProblemAsync($"/runs/{claim.Id}/tensorboard", HttpStatusCode.NotFound, "run.no-tensorboard");
        var folder = Directory.CreateDirectory(Path.Combine(Folders.Run(claim.Id), RunFolder.TensorBoardFolder)).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "events.out.tfevents.1"), [1, 2, 3]);

        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative($"/runs/{claim.Id}/tensorboard"));

        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"tensorboard-{claim.Id}.zip", answer.Content.Headers.ContentDisposition?.FileName);
        await using var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        var entry = Assert.Single(archive.Entries);
        Assert.Equal((claim.Id + "/events.out.tfevents.1", 3L), (entry.FullName, entry.Length));
    }

    private static EpochMetrics Figures(int epoch, double validationLoss) =>
        new(epoch, 0.6 / epoch, 0.75, validationLoss, 0.7, 0.0001, 1.5, 100);

    private async Task IsProblemAsync(string path, HttpStatusCode status, string code)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        await ProblemAssert.IsAsync(answer, status, code);
    }

    private async Task<byte[]> IsPngAsync(string path)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        Assert.Equal((HttpStatusCode.OK, "image/png"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var file = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], file[..4]);
        return file;
    }

    /// <summary>Writes what a training leaves: 2 cats found, 1 of 2 dogs taken for a cat.</summary>
    private void Judged(string id, Split validation, Split? test = null)
    {
        var part = new SplitEvaluation
        {
            Split = validation,
            Images = 4,
            Loss = 0.5,
            Accuracy = 0.75,
            Classes = [new("cats", 2.0 / 3, 1, 0.8, 2, 3), new("dogs", null, 0.5, 2.0 / 3, 2, 1)],
            Confusion = [[2, 0], [1, 1]],
            Mistakes = [new("id-1", "dogs", "cats", 0.9, 0.1)],
        };
        Directory.CreateDirectory(Folders.Run(id));
        new RunEvaluation
        {
            Epoch = 3,
            Dataset = "pets",
            DatasetDigest = "0",
            Network = "1",
            TrainingImages = [4000, 400],
            Validation = part,
            Test = test is null ? null : part with { Split = test.Value },
        }.Write(Folders.Run(id));
    }

    private async Task<RunWorker> ClaimAsync()
    {
        var plan = new TrainingPlan
        {
            RunId = "run",
            DatasetFolder = "/none",
            Dataset = "pets",
            DatasetDigest = "0",
            Classes = ["cats", "dogs"],
            Architecture = "custom",
            Network = new(new(8, 8, 3), []),
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
        };
        var row = new RunRow
        {
            Id = RunId.New(TimeProvider.System),
            Request = """{"dataset":"pets"}""",
            Plan = JsonSerializer.Serialize(plan, CoreJson.Options),
            Dataset = "pets",
            Model = "pets",
            Epochs = 30,
        };
        Assert.True((await Runs.AddAsync(row, 100)).Succeeded);
        return (await RunWorker.ClaimAsync(_service.Services, row.Id, "test", TimeSpan.FromHours(1)))!;
    }
}
