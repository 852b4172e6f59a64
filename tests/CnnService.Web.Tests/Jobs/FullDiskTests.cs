using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Jobs;

/// <summary>The service as users run it, on a disk that runs full under it.</summary>
public sealed class FullDiskTests
{
    /// <summary>Its checkpoints are larger than what the service keeps in reserve for its database.</summary>
    private const string LongRun = """
        {"dataset":"shapes","model":"m","epochs":5000,"precision":"float32","batchSize":64,"architecture":{"input":{"height":16,"width":16,"channels":3},"layers":[
        {"type":"conv2d","name":"conv","filters":8,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
        {"type":"flatten"},{"type":"dense","name":"wide","units":6000,"activation":"relu"},{"type":"dense","name":"output","units":"classes"}]}}
        """;

    [Fact]
    public async Task DiskThatRunsFull_EndsTheRunWithItsReason_AndTheRunGoesOnWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount(megabytes: 600);
        await using var service = await ServiceProcess.StartAsync(Path.Combine(disk.Path, "data"), "--Training:CheckpointEvery=00:00:01");
        (await PostAsync(service, "/datasets", """{"name":"shapes","sample":"shapes"}""")).Dispose();
        await UntilAsync(service, "/datasets/shapes", set => set.GetProperty("status").GetString() == "ready");
        using var queued = await PostAsync(service, "/train", LongRun);
        var run = $"/runs/{(await queued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()}";
        await UntilAsync(service, run, now => Epoch(now) >= 2);

        disk.Fill();

        var failed = await UntilAsync(service, run, now => now.GetProperty("state").GetString() == "failed");
        Assert.Equal("storage.full", failed.GetProperty("failure").GetProperty("code").GetString());
        using (var refused = await PostAsync(service, "/train", LongRun))
        {
            await ProblemAssert.IsAsync(refused, HttpStatusCode.InsufficientStorage, "storage.full");
        }

        Assert.Equal("ready", (await GetAsync(service, "/datasets/shapes")).GetProperty("status").GetString());
        disk.Free();
        using (var resumed = await PostAsync(service, run + "/resume", "{}"))
        {
            Assert.Equal(HttpStatusCode.Accepted, resumed.StatusCode);
        }

        await UntilAsync(service, run, now => Epoch(now) > Epoch(failed));
        var epochs = (await GetAsync(service, run + "/history")).EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetInt32()).ToArray();
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
    }

    private static int Epoch(JsonElement run) => run.GetProperty("progress").GetProperty("epoch").GetInt32();

    private static async Task<HttpResponseMessage> PostAsync(ServiceProcess service, string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await service.Client.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    private static Task<JsonElement> GetAsync(ServiceProcess service, string path) => service.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private static async Task<JsonElement> UntilAsync(ServiceProcess service, string path, Func<JsonElement, bool> holds)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var now = await GetAsync(service, path);
            if (holds(now))
            {
                return now;
            }

            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(3), $"still waiting: {now}\n{service.Output}");
        }
    }
}
