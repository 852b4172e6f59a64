using System.IO.Compression;
using CnnService.Client;

namespace CnnService.Web.Tests.ClientPackage;

/// <summary>The whole job through the client: upload, train, wait, classify, explain.</summary>
public sealed class ClientJobTests : IAsyncLifetime
{
    private const int Side = RedOrBlue.Side;
    private const string Key = "a-key-of-my-own";

    private readonly CnnServiceApplication _service = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task UploadTrainWaitClassifyExplain_GoThrough()
    {
        var client = new CnnServiceClient(_service.Client) { PollInterval = TimeSpan.FromMilliseconds(100) };
        List<UploadProgress> sent = [];
        using var archive = new MemoryStream(Archive());
        var accepted = await client.UploadDatasetAsync("colours", archive, 0.25, new Listed<UploadProgress>(sent));
        Assert.Equal(DatasetStatus.Importing, accepted.Status);
        Assert.Equal(new UploadProgress(archive.Length, archive.Length), sent[^1]);

        var dataset = await client.WaitForDatasetAsync("colours");
        Assert.Equal(DatasetStatus.Ready, dataset.Status);
        Assert.Equal(["blue", "red"], dataset.Classes!.Select(one => one.Name));

        var queued = await client.TrainAsync(Request(), Key);
        Assert.Equal(queued.Id, (await client.TrainAsync(Request(), Key)).Id);
        List<RunResource> seen = [];
        var run = await client.WaitForRunAsync(queued.Id, new Listed<RunResource>(seen));
        Assert.Equal(WorkState.Succeeded, run.State);
        Assert.Same(run, seen[^1]);
        var history = await client.GetRunHistoryAsync(queued.Id);
        Assert.Equal(run.Progress.Epochs, history.Count);
        var kinds = new HashSet<string>();
        await foreach (var one in client.ReadRunEventsAsync(queued.Id))
        {
            kinds.Add(one.Kind);
        }

        Assert.Superset(new HashSet<string> { "state", "epoch" }, kinds);

        using var red = new MemoryStream(RedOrBlue.Image(255, 0, 0));
        var result = await client.ClassifyImageAsync(red, "colours", top: 1);
        Assert.Equal("red", result.Label);
        Assert.Single(result.Top!);
        red.Position = 0;
        var image = await client.DrawExplanationAsync(red, "colours", className: "red");
        Assert.Equal((byte)'P', image[1]);
        red.Position = 0;
        var figures = await client.ExplainPostedImageAsync(model: "colours", format: "json", file: new(red, "red.png"));
        Assert.Equal(("red", "conv"), (figures.Class, figures.Layer));
        Assert.Equal(image.Length > 0, (await client.DownloadAsync($"runs/{queued.Id}/curves.png")).Length > 0);
    }

    /// <summary>A network of two layers that is written with the client's types.</summary>
    private static TrainRequest Request() => new()
    {
        Dataset = "colours",
        Epochs = 5,
        BatchSize = 8,
        Precision = Precision.Float32,
        Optimizer = new() { Name = OptimizerKind.Adam, LearningRate = 0.01 },
        Augmentation = new() { Preset = AugmentationSpecPreset.None },
        Architecture = new()
        {
            Input = new() { Height = Side, Width = Side, Channels = 3 },
            Layers =
            [
                new Conv2dLayer
                {
                    Name = "conv", Filters = 4, KernelSize = [3, 3], Padding = "1", Activation = ActivationKind.Relu,
                },
                new GlobalAveragePooling2dLayer(),
                new DenseLayer { Name = "output", Units = 2 },
            ],
        },
    };

    private static byte[] Archive()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < 24; i++)
            {
                var isRed = i % 2 == 0;
                var light = (byte)(160 + (4 * i));
                using var entry = zip.CreateEntry($"{(isRed ? "red" : "blue")}/{i}.png").Open();
                entry.Write(RedOrBlue.Image(isRed ? light : (byte)0, 0, isRed ? (byte)0 : light));
            }
        }

        return memory.ToArray();
    }

    /// <summary>Reports at once, on the caller's thread.</summary>
    private sealed class Listed<T>(List<T> reports) : IProgress<T>
    {
        public void Report(T value) => reports.Add(value);
    }
}
