using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Snapshots;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>A service with a run that kept the weights of three epochs, and a data set to look at; shared by the tests of
/// a class.</summary>
public sealed class ServiceWithSnapshots : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new();

    public string Run { get; private set; } = "";

    public string Image { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await ColourDataset.ImportAsync(Service, "colours", ("validation/red/1.png", 255, 0, 0), ("train/red/2.png", 200, 0, 0),
            ("train/blue/1.png", 0, 0, 255));
        Run = await RunAsync(0, 1, 2);
        var images = await Service.GetJsonAsync("datasets/colours/images?split=validation");
        Image = "colours/" + images.GetProperty("items")[0].GetProperty("id").GetString();
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    /// <summary>A run at work that has kept these epochs, each with another bias towards red.</summary>
    public async Task<string> RunAsync(params int[] epochs)
    {
        var runs = Service.Services.GetRequiredService<RunStore>();
        var id = RunId.New(TimeProvider.System);
        var row = new RunRow
        {
            Id = id,
            Request = """{"dataset":"colours"}""",
            Plan = JsonSerializer.Serialize(Plan(id), CoreJson.Options),
            Dataset = "colours",
            Model = "colours",
            Epochs = 30,
        };
        Assert.True((await runs.AddAsync(row, 100)).Succeeded);
        var claim = (await RunWorker.ClaimAsync(Service.Services, id, "test", TimeSpan.FromHours(1)))!;
        Assert.True(await claim.EpochAsync(new(1, 0.5, 0.75, 0.625, 0.7, 0.0001, 1, 100)));
        foreach (var epoch in epochs)
        {
            Keep(Service.Services.GetRequiredService<DataFolders>().Run(id), epoch);
        }

        return id;
    }

    /// <summary>Writes what a training would.</summary>
    private static void Keep(string run, int epoch)
    {
        var folder = Directory.CreateDirectory(SnapshotFolder.PathOf(run, epoch)).FullName;
        var path = Path.Combine(folder, ModelPackage.WeightsFile);
        using (var file = File.Create(path))
        {
            SafetensorsFile.Write(file, RedOrBlue.Weights(epoch));
        }

        var bytes = File.ReadAllBytes(path);
        var snapshot = new Snapshot(epoch, new(ModelPackage.WeightsFile, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        File.WriteAllBytes(Path.Combine(folder, "snapshot.json"), JsonSerializer.SerializeToUtf8Bytes(snapshot, CoreJson.Options));
    }

    private static TrainingPlan Plan(string id) => new()
    {
        RunId = id,
        DatasetFolder = "/none",
        Dataset = "colours",
        DatasetDigest = "0",
        Classes = RedOrBlue.Classes,
        Architecture = "custom",
        Network = RedOrBlue.Network().Spec,
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
        SnapshotBytes = 1 << 20,
    };
}

public class TimelapseApiTests(ServiceWithSnapshots fixture) : IClassFixture<ServiceWithSnapshots>
{
    private const string OfFilter = "layer=conv_1&filter=0&wait=120";

    private readonly CnnServiceApplication _service = fixture.Service;

    [Fact]
    public async Task Strip_SameRequest_SameBytesAnd304()
    {
        using var first = await GetAsync(OfFilter);
        using var second = await GetAsync(OfFilter);

        var bytes = await BytesAsync(first, "image/png");
        Assert.Equal(bytes, await BytesAsync(second, "image/png"));
        Assert.Contains("0,1,2", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal); // The text chunk that names the epochs.
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative($"runs/{fixture.Run}/film?{OfFilter}"));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await _service.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.NotModified, first.Headers.ETag), (unchanged.StatusCode, unchanged.Headers.ETag));
    }

    [Fact]
    public async Task Animation_HasAFrameAnEpochAtTheWantedPace()
    {
        using var strip = await GetAsync(OfFilter);
        using var answer = await GetAsync($"{OfFilter}&format=apng&delay=300");

        var file = await BytesAsync(answer, "image/apng");
        var control = file.AsSpan().IndexOf("acTL"u8);
        Assert.Equal((3, 0),
            (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(control + 4)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(control + 8))));
        var frame = file.AsSpan().IndexOf("fcTL"u8);
        Assert.Equal((300, 1000),
            (BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(frame + 24)), BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(frame + 26))));
        Assert.NotEqual(strip.Headers.ETag, answer.Headers.ETag);
    }

    [Fact]
    public async Task Figures_OfAClass_RiseWithItsBias()
    {
        var timelapse = await _service.GetJsonAsync($"runs/{fixture.Run}/film?class=red&format=json&wait=120");

        Assert.Equal((fixture.Run, "class red", 3),
            (timelapse.GetProperty("run").GetString(), timelapse.GetProperty("subject").GetString(),
                timelapse.GetProperty("snapshots").GetInt32()));
        var frames = timelapse.GetProperty("frames").EnumerateArray().ToArray();
        Assert.Equal([0, 1, 2], frames.Select(frame => frame.GetProperty("epoch").GetInt32()));
        Assert.Equal(0.7, frames[1].GetProperty("validationAccuracy").GetDouble());
        Assert.Equal(JsonValueKind.Null, frames[0].GetProperty("validationAccuracy").ValueKind);
        double[] logits = [.. frames.Select(frame => frame.GetProperty("activation").GetDouble())];
        Assert.Equal(logits[0] + 1, logits[1], 1e-3); // One start, one way up, another bias.
        Assert.Equal(logits[0] + 2, logits[2], 1e-3);
    }

    [Fact]
    public async Task FeatureMap_OfAnImage_IsWhatTheFilterAnswers()
    {
        var timelapse = await _service.GetJsonAsync(
            $"runs/{fixture.Run}/film?layer=conv_1&filter=0&image={fixture.Image}&format=json&wait=120");
        Assert.All(timelapse.GetProperty("frames").EnumerateArray(), frame =>
        {
            Assert.Equal(1, frame.GetProperty("activation").GetDouble(), 1e-5); // All red.
            Assert.True(frame.GetProperty("silent").GetBoolean());
        });

        using var strip = await GetAsync($"layer=conv_1&filter=0&image={fixture.Image}&wait=120");
        await BytesAsync(strip, "image/png");
    }

    [Fact]
    public async Task Frames_FewerThanKept_AreTheFirstAndTheLast()
    {
        var timelapse = await _service.GetJsonAsync($"runs/{fixture.Run}/film?{OfFilter}&frames=2&format=json");

        Assert.Equal([0, 2], timelapse.GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("epoch").GetInt32()));
    }

    [Theory]
    [InlineData("", "layer")]
    [InlineData("layer=conv_1", "filter")]
    [InlineData("layer=conv_1&filter=0&class=red", "class")]
    [InlineData("class=red&filter=0", "filter")]
    [InlineData("class=red&frames=0", "frames")]
    [InlineData("class=red&frames=65", "frames")]
    [InlineData("class=red&delay=10", "delay")]
    [InlineData("class=red&size=1000", "size")]
    [InlineData("class=red&format=gif", "format")]
    [InlineData("class=red&method=slow", "method")]
    [InlineData("class=red&normalize=none", "normalize")]
    [InlineData("class=red&seed=-1", "seed")]
    [InlineData("class=red&iterations=15", "iterations")]
    [InlineData("class=red&wait=-1", "wait")]
    public async Task BrokenRule_NamesTheField(string query, string field)
    {
        using var answer = await GetAsync(query);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Theory]
    [InlineData("layer=nothing&filter=0", "layer.not-found")]
    [InlineData("layer=conv_1&filter=2", "filter.not-found")]
    [InlineData("class=green", "class.not-found")]
    [InlineData("layer=conv_1&filter=0&image=nothing/abc", "dataset.not-found")]
    [InlineData("layer=conv_1&filter=0&image=colours/abc", "image.not-found")]
    public async Task WhatIsNotThere_IsNotFound(string query, string code)
    {
        using var answer = await GetAsync(query);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, code);
        if (code is "layer.not-found" or "class.not-found")
        {
            Assert.Matches(@"\AThe run '[0-9a-z-]+' has no ", problem.GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task RunThatIsUnknownOrKeptNothing_IsNotFoundAndSaysWhy()
    {
        using var unknown = await _service.Client.GetAsync(CnnServiceApplication.Relative($"runs/nothing/film?{OfFilter}"));
        await ProblemAssert.IsAsync(unknown, HttpStatusCode.NotFound, "run.not-found");
        var empty = await fixture.RunAsync();
        using var without = await _service.Client.GetAsync(CnnServiceApplication.Relative($"runs/{empty}/film?{OfFilter}"));
        await ProblemAssert.IsAsync(without, HttpStatusCode.NotFound, "run.no-snapshots");
    }

    [Fact]
    public async Task QuickPattern_OfAPublishedModel_IsDrawnInThirtySteps()
    {
        await RedOrBlue.PublishAsync(_service, "published");

        var figures = await _service.GetJsonAsync("visualize/conv_1/0?model=published&method=quick&format=json&wait=120");

        Assert.Equal((30, "ok"), (figures.GetProperty("iterations").GetInt32(), figures.GetProperty("status").GetString()));
    }

    private Task<HttpResponseMessage> GetAsync(string query) =>
        _service.Client.GetAsync(CnnServiceApplication.Relative($"runs/{fixture.Run}/film?{query}"));

    private static async Task<byte[]> BytesAsync(HttpResponseMessage answer, string mediaType)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}: {Encoding.UTF8.GetString(bytes)}");
        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
        return bytes;
    }
}
