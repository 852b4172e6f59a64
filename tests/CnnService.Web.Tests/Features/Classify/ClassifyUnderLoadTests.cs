using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace CnnService.Web.Tests.Features.Classify;

/// <summary>Many callers at once, while what they ask for changes under them.</summary>
public sealed class ClassifyUnderLoadTests
{
    private const float TowardsRed = 3;

    [Fact]
    public async Task Classify_WhileTheAliasMovesAndVersionsAreUnloaded_AnswersEveryCallRight()
    {
        await using var service = new CnnServiceApplication();
        await RedOrBlue.PublishAsync(service, "colours");
        await RedOrBlue.PublishAsync(service, "colours", TowardsRed);
        await MoveAsync(service, 1);
        var served = new int[3];
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 12).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                Interlocked.Increment(ref served[await AskAsync(service, (byte)((31 * caller) + i))]);
            }
        })).ToArray();

        for (var move = 0; move < 20; move++)
        {
            await MoveAsync(service, 2 - (move % 2));
            using var unload = await service.Client.PutAsJsonAsync(CnnServiceApplication.Relative("models/colours/serving"),
                new { maxBatchSize = 1 + (move % 8) });
            Assert.Equal(HttpStatusCode.OK, unload.StatusCode);
            await AskAsync(service, 7);
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.True(served[1] > 0 && served[2] > 0, $"version 1: {served[1]}, version 2: {served[2]}");
    }

    [Fact]
    public async Task Classify_WithAFullQueue_Is503AtOnceAndLaterNot()
    {
        await using var service = new CnnServiceApplication(new() { ["Serving:MaxQueueSize"] = "1" });
        await RedOrBlue.PublishAsync(service, "colours");
        await MoveAsync(service, 1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => PostAsync(service, 9)));
        foreach (var answer in answers)
        {
            using (answer)
            {
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "classify.queue-full");
                }
            }
        }

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        using var after = await PostAsync(service, 9);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private static async Task MoveAsync(CnnServiceApplication service, int version)
    {
        using var moved = await service.Client.PutAsJsonAsync(CnnServiceApplication.Relative("models/colours/aliases/production"),
            new { version });
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(CnnServiceApplication service, byte red)
    {
        using var content = new ByteArrayContent(RedOrBlue.Image(red, 0, 100));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return await service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=colours@production"), content);
    }

    /// <summary>The version that answered, whose answer is what its weights say.</summary>
    private static async Task<int> AskAsync(CnnServiceApplication service, byte red)
    {
        using var answer = await PostAsync(service, red);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var json = await CnnServiceApplication.JsonAsync(answer);
        var version = json.GetProperty("version").GetInt32();
        var probability =
            json.GetProperty("results")[0].GetProperty("top").EnumerateArray().Single(one => one.GetProperty("label").GetString() == "red")
            .GetProperty("probability").GetDouble();
        Assert.Equal(RedOrBlue.Red(red, 100, version == 2 ? TowardsRed : 0), probability, 1e-4);
        return version;
    }
}
