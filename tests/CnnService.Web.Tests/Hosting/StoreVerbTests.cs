using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Artifacts;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Hosting;

/// <summary>The verbs that copy all that a service keeps, as processes; what services answer before and after.</summary>
/// <param name="postgres">The tests' own server.</param>
public sealed class StoreVerbTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [LongProof]
    [Fact]
    public async Task CopyStore_ToPostgresAndS3_AndBack_ChangesNoAnswer()
    {
        await using var server = await S3Server.StartAsync();
        await using (var service = await ServiceProcess.StartAsync(At("one")))
        {
            await FillAsync(service);
            var (code, output) = await RunAsync("one", "copy-store", $"--To:DataDirectory={At("many")}");
            Assert.Equal(1, code);
            Assert.Contains("Another service", output, StringComparison.Ordinal);
            Assert.Equal(0, await service.StopAsync());
        }

        var before = await AnswersAsync("one");
        string[] apart = [$"--ConnectionStrings:Postgres={await postgres.NewDatabaseAsync()}", .. server.Arguments()];
        await CopyAsync("one", ["copy-store", $"--To:DataDirectory={At("many")}", .. apart.Select(to => $"--To:{to[2..]}")]);
        Assert.Empty(Answers.Differences(before, await AnswersAsync("many", apart)));

        await CopyAsync("many", ["copy-store", $"--To:DataDirectory={At("back")}", .. apart]);
        Assert.Empty(Answers.Differences(before, await AnswersAsync("back")));
        Assert.InRange(before.Values.Count(answer => answer.StartsWith("200 ", StringComparison.Ordinal)), 150, 1000);
    }

    [LongProof]
    [Fact]
    public async Task Backup_OfAServiceAtWork_IsAServiceOfThatMoment_AndIsRestored()
    {
        await using var service = await ServiceProcess.StartAsync(At("one"), "--Training:CheckpointEvery=00:00:01");
        await FillAsync(service);
        var run = await service.TrainAsync("long", epochs: 5000);
        await service.UntilAsync($"/runs/{run}", now => now.Epoch() >= 20);
        using var ended = new CancellationTokenSource();
        var changes = ChangeAsync(service, ended.Token);

        await CopyAsync("one", "backup", At("kept"));
        await ended.CancelAsync();
        Assert.InRange(await changes, 1, 10_000);
        var epoch = (await service.GetAsync($"/runs/{run}")).Epoch();
        await service.PostAsync($"/runs/{run}/cancel", null);
        await service.EndsAsync(run, "cancelled");

        await CopyAsync("two", "restore", At("kept"));
        var (code, output) = await RunAsync("two", "restore", At("kept"));
        Assert.Equal(1, code);
        Assert.Contains("holds a database already", output, StringComparison.Ordinal);
        await using var restored = await ServiceProcess.StartAsync(At("two"));
        await restored.UntilAsync($"/runs/{run}", now => now.Epoch() > epoch);
        await restored.PostAsync($"/runs/{run}/cancel", null);
        await restored.EndsAsync(run, "cancelled");
        var epochs = await restored.EpochsAsync(run);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
        await EachImageIsThereAsync(restored);
    }

    [Theory]
    [InlineData(2, "'backup' takes a folder", "backup")]
    [InlineData(2, "'restore' takes one folder", "restore", "a", "b")]
    [InlineData(1, "Give --To:DataDirectory=FOLDER", "copy-store")]
    [InlineData(1, "holds no database", "copy-store", "--To:DataDirectory=/tmp/none")]
    [InlineData(1, "need ConnectionStrings:Postgres", "copy-store", "--To:DataDirectory=/tmp/none", "--To:Artifacts:Folder=/tmp/none/x")]
    [InlineData(1, "holds no database", "restore", "/tmp/none")]
    public async Task Verbs_ThatCannotBeCarriedOut_SaySo(int expected, string said, params string[] words)
    {
        var (code, output) = await RunAsync("empty", words);

        Assert.Equal((expected, true), (code, output.Contains(said, StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists("/tmp/none"));
    }

    private string At(string directory) => Path.Combine(_folder.Path, directory);

    private Task<(int Code, string Output)> RunAsync(string directory, params string[] words) =>
        ServiceProcess.RunAsync(At(directory), words);

    private async Task CopyAsync(string directory, params string[] words)
    {
        var (code, output) = await RunAsync(directory, words);
        TestContext.Current.TestOutputHelper!.WriteLine(output);
        Assert.True(code == 0, output);
    }

    private async Task<SortedDictionary<string, string>> AnswersAsync(string directory, params string[] settings)
    {
        await using var service = await ServiceProcess.StartAsync(At(directory), settings);
        var answers = await Answers.ReadAsync(service);
        Assert.Equal(0, await service.StopAsync());
        return answers;
    }

    /// <summary>Two data sets, one changed; a model of two versions with all that hangs on it; a run of each end; a sweep.</summary>
    private static async Task FillAsync(ServiceProcess service)
    {
        await service.ImportSampleAsync();
        await UploadAsync(service, "colours", ColourDataset.Archive([.. Colours(30, 0)]));
        await AddAsync(service, RedOrBlue.Image(240, 11, 12));
        for (var version = 1; version <= 2; version++)
        {
            await service.EndsAsync(await service.TrainAsync("m", epochs: 3), "succeeded");
        }

        var cancelled = await service.TrainAsync("m", epochs: 5000);
        await service.UntilAsync($"/runs/{cancelled}", now => now.Epoch() >= 2);
        await service.PostAsync($"/runs/{cancelled}/cancel", null);
        await service.EndsAsync(cancelled, "cancelled");
        await PutAsync(service, "/models/m/aliases/production", """{"version":1}""");
        await PutAsync(service, "/models/m/serving", """{"maxBatchSize":4,"maxQueueDelayMicroseconds":2000}""");
        await PutAsync(service, "/models/m/capture", """{"share":1,"maxImages":100}""");
        using var image = new ByteArrayContent(RedOrBlue.Image(200, 3, 4));
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var classified = await service.Client.PostAsync(ServiceClient.Relative("/classify?model=m:1"), image, Cancel);
        Assert.Equal(HttpStatusCode.OK, classified.StatusCode);
        await service.UntilAsync("/models/m/captured", page => page.GetProperty("items").GetArrayLength() > 0);
        await PutAsync(service, "/models/m/capture", """{"share":0}""");
        var job = await service.StartAsync("/classify/jobs", """{"model":"m:1","dataset":"shapes"}""");
        await service.UntilAsync($"/classify/jobs/{job}", now => now.GetProperty("state").GetString() == "succeeded");
        var compared = await service.StartAsync("/models/compare", """{"a":"m:1","b":"m:2","dataset":"shapes"}""");
        await service.UntilAsync($"/comparisons/{compared}", now => now.GetProperty("state").GetString() == "succeeded");
    }

    private static IEnumerable<(string Path, byte Red, byte Green, byte Blue)> Colours(int count, int shade) =>
        from at in Enumerable.Range(0, count)
        from isRed in new[] { true, false }
        select isRed
            ? ($"red/{at}.png", (byte)(200 + at), (byte)at, (byte)shade)
            : ($"blue/{at}.png", (byte)at, (byte)shade, (byte)(200 + at));

    private static async Task UploadAsync(ServiceProcess service, string name, byte[] archive)
    {
        using var form = new MultipartFormDataContent { { new StringContent(name), "name" } };
        form.Add(new ByteArrayContent(archive), "file", "images.zip");
        using var answer = await service.Client.PostAsync(ServiceClient.Relative("/datasets"), form, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        await service.UntilAsync($"/datasets/{name}", set => set.GetProperty("status").GetString() == "ready");
    }

    /// <summary>Adds an image to the colours.</summary>
    private static async Task AddAsync(ServiceProcess service, byte[] image)
    {
        using var form = new MultipartFormDataContent { { new StringContent("train"), "split" }, { new StringContent("red"), "class" } };
        form.Add(new ByteArrayContent(image), "files", "more.png");
        using var answer = await service.Client.PostAsync(ServiceClient.Relative("/datasets/colours/images"), form, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task PutAsync(ServiceProcess service, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await service.Client.PutAsync(ServiceClient.Relative(path), content, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Data sets come, change and go until it is told to end; gives the number of changes.</summary>
    private static async Task<int> ChangeAsync(ServiceProcess service, CancellationToken end)
    {
        var changes = 0;
        for (; !end.IsCancellationRequested; changes++)
        {
            var name = $"passing-{changes % 3}";
            await UploadAsync(service, name, ColourDataset.Archive([.. Colours(5, changes)]));
            await AddAsync(service, RedOrBlue.Image(241, (byte)(changes % 256), (byte)(changes / 256)));
            using var answer = await service.Client.DeleteAsync(
                ServiceClient.Relative($"/datasets/passing-{(changes + 1) % 3}"), Cancel); // The one before the last, if there is one.
        }

        return changes;
    }

    private static async Task EachImageIsThereAsync(ServiceProcess service)
    {
        var images = 0;
        foreach (var set in (await service.GetAsync("/datasets")).GetProperty("items").EnumerateArray()
            .Where(set => set.GetProperty("status").GetString() == "ready"))
        {
            var name = set.GetProperty("name").GetString();
            var page = await service.GetAsync($"/datasets/{name}/images?limit=100");
            foreach (var id in page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()))
            {
                using var answer = await service.Client.GetAsync(ServiceClient.Relative($"/datasets/{name}/images/{id}"), Cancel);
                Assert.True(answer.IsSuccessStatusCode, $"{name} {id}: {await answer.Content.ReadAsStringAsync(Cancel)}");
                images++;
            }
        }

        Assert.InRange(images, 60, 100_000);
    }
}
