using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Work;

/// <summary>The classification of a data set by the service as users run it, through its death.</summary>
public sealed class ClassifyProcessTests : IAsyncLifetime
{
    /// <summary>Milliseconds an image: slow enough to be caught at work.</summary>
    private const string Network = """
        {"input":{"height":64,"width":64,"channels":3},"layers":[
          {"type":"conv2d","name":"a","filters":64,"kernelSize":3,"padding":"same","activation":"relu"},
          {"type":"conv2d","name":"b","filters":64,"kernelSize":3,"padding":"same","activation":"relu"},
          {"type":"globalAveragePooling2d","name":"mean"},{"type":"dense","name":"output","units":"classes"}]}
        """;

    /// <summary>Of a file of scores: its magic number and its key; then for each image three scores and a check.</summary>
    private const int HeaderBytes = 40;
    private const int RecordBytes = 16;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-classify-");
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync(_data.FullName, "--Models:ImportTimeout=00:05:00");
        await _service.ImportSampleAsync();
        await ImportModelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Service_KilledInMidJob_GoesOnAfterARestart_NoImageTwiceNoneMissing()
    {
        var id = await _service.StartAsync("/classify/jobs", """{"model":"slow","dataset":"shapes"}""");
        var before = await _service.UntilAsync($"/classify/jobs/{id}", job => Done(job) > 0);
        Assert.Equal("running", before.GetProperty("state").GetString());

        await _service.KillAsync();
        await _service.DisposeAsync();
        var kept = new FileInfo(Assert.Single(Directory.GetFiles(Path.Combine(_data.FullName, "classifications", id), "*.scores"))).Length;
        _service = await ServiceProcess.StartAsync(_data.FullName);

        var job = await _service.UntilAsync($"/classify/jobs/{id}", now => now.GetProperty("finishedAt").ValueKind == JsonValueKind.String);
        Assert.True(job.GetProperty("state").GetString() == "succeeded", $"{job}\n{_service.Output}");
        Assert.True(kept >= HeaderBytes + (Done(before) * RecordBytes), $"{kept} bytes were kept of {before}");
        await IsWholeAsync(id);
    }

    private async Task IsWholeAsync(string id)
    {
        var images = new List<string>();
        for (var after = string.Empty; after is not null;)
        {
            var page = await _service.GetAsync($"/datasets/shapes/images?limit=200{(after.Length > 0 ? "&after=" + after : after)}");
            images.AddRange(page.GetProperty("items").EnumerateArray().Select(image => image.GetProperty("id").GetString()!));
            after = page.GetProperty("next").GetString();
        }

        var csv = await _service.Client.GetStringAsync(ServiceClient.Relative($"/classify/jobs/{id}/predictions.csv"));
        Assert.Equal(images, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]));
    }

    private static int Done(JsonElement job) => job.GetProperty("progress").GetProperty("done").GetInt32();

    /// <summary>Weights of no use: what is asked is not whether it is right.</summary>
    private async Task ImportModelAsync()
    {
        var classes =
            (await _service.GetAsync("/datasets/shapes")).GetProperty("classes").EnumerateArray()
            .Select(one => one.GetProperty("name").GetString()).ToArray();
        var random = new CounterRandom(7, 7);
        var weights = new NamedWeights();
        foreach (var (name, shape) in new (string, int[])[] { ("a.weight", [64, 3, 3, 3]), ("a.bias", [64]), ("b.weight", [64, 64, 3, 3]),
            ("b.bias", [64]), ("output.weight", [classes.Length, 64]), ("output.bias", [classes.Length]) })
        {
            weights.Add(name,
                new(shape,
                    [.. Enumerable.Range(0, shape.Aggregate(1, (size, side) => size * side))
                        .Select(_ => (float)(random.NextDouble() - 0.5) / 10)]));
        }

        using var memory = new MemoryStream();
        SafetensorsFile.Write(memory, weights);
        using var form = new MultipartFormDataContent { { new StringContent("slow"), "name" },
            { new StringContent(Network), "architecture" }, { new StringContent(string.Join('\n', classes)), "labels" } };
        form.Add(new ByteArrayContent(memory.ToArray()), "file", "slow.safetensors");
        using var answer = await _service.Client.PostAsync(ServiceClient.Relative("/models"), form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
