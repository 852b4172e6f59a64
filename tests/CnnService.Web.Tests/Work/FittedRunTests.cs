using System.Globalization;
using System.Text.Json;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Features.Starts;

namespace CnnService.Web.Tests.Work;

/// <summary>A classifier fitted to the features of a small start, by the service as users run it.</summary>
public sealed class FittedRunTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        TinyStart.Write(Path.Combine(_folder.Path, "starts"));
        _service = await ServiceProcess.StartAsync(
            Path.Combine(_folder.Path, "data"), $"--Starts:Folders={Path.Combine(_folder.Path, "starts")}",
            "--Models:ImportTimeout=00:05:00");
        await _service.ImportSampleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_PublishesAWholeNetwork_AndTellsEachPart()
    {
        var id = await _service.StartAsync("/train", """
            {"dataset":"shapes","model":"fitted","startFrom":{"pretrained":"tiny"},"classifier":{"views":2}}
            """);

        var run = await _service.EndsAsync(id, "succeeded");

        var progress = run.GetProperty("progress");
        Assert.Equal(("publishing", 1.0), (progress.GetProperty("part").GetString(), progress.GetProperty("fraction").GetDouble()));
        Assert.Equal(["preparing", "features", "fitting", "parity", "evaluating", "publishing"], await PartsAsync(id));
        var version = await _service.GetAsync("/models/fitted/versions/1");
        Assert.InRange(version.GetProperty("parity").GetProperty("largestDifference").GetDouble(), 0, 1e-4);
        var evaluation = await _service.GetAsync($"/runs/{id}/evaluation");
        var accuracy = run.GetProperty("metrics").GetProperty("best").GetProperty("validationAccuracy").GetDouble();
        Assert.Equal(accuracy, evaluation.GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.True(evaluation.GetProperty("leftOut").GetInt32() > 0 && evaluation.GetProperty("images").GetInt32() > 0);
        Assert.InRange(accuracy, 0.3, 1); // Three classes, and a start that has learned nothing.
        await IsCalibratedAsync(version);
        // A file for each engine that computed some: it depends on the processor whether the serving one computed all.
        Assert.InRange(Directory.GetFiles(Path.Combine(_folder.Path, "data", "cache", "features")).Length, 1, 2);
    }

    [LongProof]
    [Fact]
    public async Task Recipes_OfADataSet_TellSecondsAndWhatDoesNotFit()
    {
        var recipes = (await _service.GetAsync("/recipes?dataset=shapes")).GetProperty("items").EnumerateArray().ToArray();

        Assert.Equal(["article", "quick", "best"], recipes.Select(recipe => recipe.GetProperty("name").GetString()));
        Assert.All(recipes, recipe => Assert.InRange(recipe.GetProperty("seconds").GetDouble(), 1, 100_000));
        Assert.Equal(["preparing", "epochs", "parity", "evaluating", "publishing"],
            recipes[0].GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("part").GetString()));
        Assert.Equal("resnet18-mlnet",
            recipes[1].GetProperty("request").GetProperty("startFrom").GetProperty("pretrained").GetString());
        Assert.True(File.Exists(Path.Combine(_folder.Path, "data", "machine.json")));
    }

    [LongProof]
    [Fact]
    public async Task Run_WithFineTuning_TellsTheFitAndTheEpochs_AndPublishesOneOfThem()
    {
        const string Request = """
            {"dataset":"shapes","model":"fitted","startFrom":{"pretrained":"tiny"},"classifier":{},"fineTuning":{"share":1},"epochs":4,
             "augmentation":{"horizontalFlip":true},"optimizer":{"learningRate":0.003},"timeBudget":"01:00:00"}
            """;
        using var body = new StringContent(
            Request.Replace("01:00:00", "00:00:01", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using var hurried = await _service.Client.PostAsync(ServiceClient.Relative("/train"), body);
        var problem = JsonSerializer.Deserialize<JsonElement>(await hurried.Content.ReadAsStringAsync());
        Assert.Equal((422, "training.time-budget"), ((int)hurried.StatusCode, problem.GetProperty("code").GetString()));
        Assert.True(TimeSpan.Parse(problem.GetProperty("smallest").GetString()!, CultureInfo.InvariantCulture) > TimeSpan.FromSeconds(1));
        var id = await _service.StartAsync("/train", Request);

        var run = await _service.EndsAsync(id, "succeeded");

        Assert.Equal(["preparing", "features", "fitting", "epochs"], (await PartsAsync(id)).Take(4));
        var history = (await _service.GetAsync($"/runs/{id}/history")).EnumerateArray()
            .Select(epoch => epoch.GetProperty("epoch").GetInt32());
        Assert.Equal([1, 2, 3, 4, 5], history);
        Assert.Equal(5, run.GetProperty("progress").GetProperty("epochs").GetInt32());
        var version = await _service.GetAsync("/models/fitted/versions/1");
        Assert.InRange(version.GetProperty("parity").GetProperty("largestDifference").GetDouble(), 0, 1e-4);
        Assert.InRange(version.GetProperty("origin").GetProperty("epoch").GetInt32(), 1, 5);
        // What is told of the version is of the images that no choice was based on, wherever it is told.
        var judged = (await _service.GetAsync($"/runs/{id}/evaluation")).GetProperty("accuracy").GetDouble();
        Assert.Equal(judged, version.GetProperty("metrics").GetProperty("validationAccuracy").GetDouble(), 1e-9);
        Assert.Equal(judged, run.GetProperty("metrics").GetProperty("best").GetProperty("validationAccuracy").GetDouble(), 1e-9);
        await IsCalibratedAsync(version);
    }

    /// <summary>What is not familiar is not known, and is not named where that is asked for.</summary>
    private async Task IsCalibratedAsync(JsonElement version)
    {
        var calibration = version.GetProperty("calibration");
        Assert.InRange(calibration.GetProperty("temperature").GetDouble(), 0.05, 20);
        Assert.InRange(calibration.GetProperty("unknown").GetProperty("knownShare").GetDouble(), 0.8, 1);
        Assert.Contains(version.GetProperty("files").EnumerateArray(),
            file => file.GetProperty("name").GetString() == "familiarity.safetensors");
        var diagram = await _service.Client.GetByteArrayAsync(ServiceClient.Relative(version.GetProperty("links")
            .GetProperty("calibration").GetString()!));
        Assert.Equal("PNG"u8.ToArray(), diagram[1..4]);
        var other = await ClassifyAsync(RedOrBlue.Image(255, 0, 255), "&unknown=reject");
        var isKnown = other.GetProperty("known").GetBoolean();
        Assert.InRange(other.GetProperty("familiarity").GetDouble(), isKnown ? 0.5 : 0, isKnown ? 1 : 0.5);
        Assert.Equal(isKnown ? JsonValueKind.String : JsonValueKind.Null, other.GetProperty("label").ValueKind);
        Assert.Equal(JsonValueKind.String, (await ClassifyAsync(RedOrBlue.Image(255, 0, 255), "")).GetProperty("label").ValueKind);
    }

    private async Task<JsonElement> ClassifyAsync(byte[] image, string more)
    {
        using var body = new ByteArrayContent(image);
        body.Headers.ContentType = new("image/png");
        using var answer = await _service.Client.PostAsync(ServiceClient.Relative($"/classify?model=fitted{more}"), body);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("results")[0];
    }

    private async Task<IEnumerable<string?>> PartsAsync(string id) =>
        (await _service.Client.GetStringAsync(ServiceClient.Relative($"/runs/{id}/events"))).Split("\n\n")
            .Where(item => item.Contains("event: part", StringComparison.Ordinal))
            .Select(item => JsonSerializer.Deserialize<JsonElement>(
                item.Split('\n').Single(line => line.StartsWith("data:", StringComparison.Ordinal))[5..]).GetProperty("part").GetString());
}
