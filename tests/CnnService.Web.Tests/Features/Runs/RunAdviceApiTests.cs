using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Features.Datasets;
using CnnService.Web.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Runs;

/// <summary>
/// Advice on a run whose 6 training images hold one in two classes, and one of whose 2 validation images is among them; the test writes
/// what a training would.
/// </summary>
public sealed class RunAdviceApiTests : IClassFixture<LeakyDataset>
{
    private readonly CnnServiceApplication _service;

    public RunAdviceApiTests(LeakyDataset leaky) => _service = leaky.Service;

    [Fact]
    public async Task Advice_WhereTheImagesWereLookedAt_TellsWhatIsWrongWithThem()
    {
        var run = await ClaimAsync();
        _ = await _service.GetJsonAsync("datasets/leaky/health?wait=300");

        Assert.Equal(["images.leaked", "images.conflicting"],
            (await AdviceAsync(run)).Select(advice => advice.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Advice_WithARequest_SaysWhatItsRunTakesOnThisMachine()
    {
        var run = await ClaimAsync();
        foreach (var (loss, i) in new[] { 0.5, 0.4, 0.5, 0.6 }.Select((loss, i) => (loss, i)))
        {
            Assert.True(await run.EpochAsync(new(i + 1, 0.6 / (i + 1), 0.75, loss, 0.7, 0.0001, 1.5, 100)));
        }

        // No network takes time here, but 0.4 ms an image; 8 images are decoded at 4 a second.
        await File.WriteAllBytesAsync(
            _service.Services.GetRequiredService<DataFolders>().Speed,
            JsonSerializer.SerializeToUtf8Bytes(
                new MachineSpeed { Training = 1e30, Serving = 1e30, Exact = 1e30, DecodedPerSecond = 4 }, CoreJson.Options));

        var advice = (await AdviceAsync(run)).Single(one => one.GetProperty("code").GetString() == "training.overfitting");

        Assert.Equal("article", advice.GetProperty("request").GetProperty("augmentation").GetString());
        // 2 s to start and 2 s of decoding; 30 epochs of 8 images, 2 x 6 that are compared, 2 that are judged; 1 s each of parity's start
        // and of publishing.
        Assert.Equal(6 + (((30 * 8) + 12) * 0.0004), advice.GetProperty("seconds").GetDouble(), 0.06);
    }

    private async Task<JsonElement[]> AdviceAsync(RunWorker run) =>
        [.. (await _service.GetJsonAsync($"/runs/{run.Id}/advice")).EnumerateArray()];

    private async Task<RunWorker> ClaimAsync()
    {
        var folder = _service.Services.GetRequiredService<DataFolders>().Dataset("leaky");
        var manifest = DatasetFolder.ReadManifest(folder).Value;
        var plan = new TrainingPlan
        {
            RunId = "run",
            DatasetFolder = folder,
            Dataset = manifest.Name,
            DatasetRevision = manifest.Revision.Number,
            DatasetDigest = manifest.Digest,
            Classes = manifest.Classes,
            Architecture = "custom",
            Network = new(new(8, 8, 3), []),
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
        };
        var row = new RunRow
        {
            Id = RunId.New(TimeProvider.System),
            Request = """{"dataset":"leaky"}""",
            Plan = JsonSerializer.Serialize(plan, CoreJson.Options),
            Dataset = manifest.Name,
            Model = manifest.Name,
            Epochs = 30,
        };
        Assert.True((await _service.Services.GetRequiredService<RunStore>().AddAsync(row, 100)).Succeeded);
        return (await RunWorker.ClaimAsync(_service.Services, row.Id, "test", TimeSpan.FromHours(1)))!;
    }
}
