using System.Net;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Tests.Shared;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Faults;

/// <summary>The service as users run it, on a disk that fails under it, and killed at the calls that make its files durable.</summary>
[LongProof]
public sealed class DiskFaultTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-disk-");
    private readonly DiskFaults _faults = new();
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await _service.ImportSampleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _faults.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Process_KilledAtACallThatPublishes_LeavesAllOrNothing_AndOneVersionInTheEnd()
    {
        (string Call, string Part, int Number)[] moments =
        [
            ("rename", "history.json", 2), ("rename", "/checkpoints/", 2), ("fsync", "/checkpoints/", 2), ("rename", "evaluation.json", 1),
            ("fsync", "package/model.onnx", 1), ("rename", "package/weights.safetensors", 1), ("rename", "package/manifest.json", 1),
            ("rename", "/models/{0}/1", 1), ("fsync", "/models/{0}", 1), ("fsync", "cnnservice.db-wal", 1),
        ];
        foreach (var (index, (call, part, number)) in moments.Index())
        {
            var model = $"m{index}";
            _faults.Kill(call, part.Replace("{0}", model, StringComparison.Ordinal), number);
            string? id = null;
            try
            {
                id = await _service.TrainAsync(model, epochs: 3, key: model);
            }
            catch (HttpRequestException)
            {
                // Killed before it answered: it may have been taken or not, and its client asks again under its key.
            }

            await Eventually.IsAsync(() => Task.FromResult(_faults.IsPending), pending => !pending);
            await RestartIfDeadAsync();
            id ??= await _service.TrainAsync(model, epochs: 3, key: model);

            await _service.EndsAsync(id, "succeeded");
            Assert.Equal(Enumerable.Range(1, 3), await _service.EpochsAsync(id));
            var versions = (await _service.GetAsync($"/models/{model}")).GetProperty("versions").EnumerateArray().ToArray();
            Assert.Equal(id, Assert.Single(versions).GetProperty("origin").GetProperty("runId").GetString());
            Assert.Null(ModelPackage.Verify(Path.Combine(_data.FullName, "models", model, "1")).Problem);
            Assert.Single(Directory.GetDirectories(Path.Combine(_data.FullName, "models", model)));
        }

        await _service.StopAsync();
        await StartAsync();
        await Eventually.IsAsync(() => Task.FromResult(Unfinished()), left => left.Length == 0);
    }

    [Fact]
    public async Task FlushOfACheckpointThatFails_EndsTheRun_WhichGoesOnFromTheOneBefore()
    {
        var id = await _service.TrainAsync("m", epochs: 5000);
        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() >= 3);

        _faults.Fail("fsync", "/checkpoints/");

        var failed = await _service.EndsAsync(id, "failed");
        Assert.Equal("storage.io", failed.GetProperty("failure").GetProperty("code").GetString());
        Assert.Equal("ready", (await _service.GetAsync("/datasets/shapes")).GetProperty("status").GetString());
        _faults.End();
        await _service.PostAsync($"/runs/{id}/resume", null);
        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() > failed.Epoch());
        var epochs = await _service.EpochsAsync(id);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
    }

    [Fact]
    public async Task FlushOfAModelThatFails_PublishesNothing_AndTheRunEndsWithItWhenTheDiskIsSound()
    {
        _faults.Fail("fsync", "package/model.onnx");
        var id = await _service.TrainAsync("m", epochs: 2);

        var failed = await _service.EndsAsync(id, "failed");

        Assert.Equal("storage.io", failed.GetProperty("failure").GetProperty("code").GetString());
        Assert.Empty(Directory.GetDirectories(Path.Combine(_data.FullName, "models")));
        _faults.End();
        await _service.PostAsync($"/runs/{id}/resume", null);
        await _service.EndsAsync(id, "succeeded");
        Assert.Null(ModelPackage.Verify(Path.Combine(_data.FullName, "models", "m", "1")).Problem);
    }

    [Fact]
    public async Task DatabaseThatCannotBeFlushed_AnswersWritesWithAProblem_AndReadsGoOn()
    {
        _faults.Fail("fsync", "cnnservice.db");

        using (var refused = await PostAsync("a"))
        {
            await ProblemAssert.IsAsync(refused, HttpStatusCode.ServiceUnavailable, "storage.io");
        }

        Assert.Equal("ready", (await _service.GetAsync("/datasets/shapes")).GetProperty("status").GetString());
        _faults.End();
        using (var accepted = await PostAsync("b"))
        {
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        await _service.StopAsync();
        Assert.Null(await SqliteFile.FindDamageAsync(Path.Combine(_data.FullName, "cnnservice.db")));
    }

    private async Task<HttpResponseMessage> PostAsync(string name)
    {
        using var content = new StringContent($$"""{"name":"{{name}}","sample":"shapes"}""", System.Text.Encoding.UTF8, "application/json");
        return await _service.Client.PostAsync(ServiceClient.Relative("/datasets"), content);
    }

    private string[] Unfinished() =>
        Directory.GetFileSystemEntries(_data.FullName, $"*{DurableFile.TemporaryMark}*", SearchOption.AllDirectories);

    /// <summary>It was the service that was killed, or a child process of it.</summary>
    private async Task RestartIfDeadAsync()
    {
        try
        {
            await _service.GetAsync("/health/live");
        }
        catch (HttpRequestException)
        {
            await _service.DisposeAsync();
            await StartAsync();
        }
    }

    private async Task StartAsync() => _service = await ServiceProcess.StartAsync(
        _data.FullName, _faults.Environment, "--Training:CheckpointEvery=00:00:01", "--Disk:MinFreeBytes=0");
}
