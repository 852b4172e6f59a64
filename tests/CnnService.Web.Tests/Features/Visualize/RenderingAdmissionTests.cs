using System.Collections.Concurrent;
using System.Net;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>Many patterns asked for at once, drawn by a renderer that waits to be told to.</summary>
public class RenderingAdmissionTests
{
    private const string Pattern = "visualize/conv_1/0?model=colours&iterations=16&";

    [Fact]
    public async Task FourHundredPatterns_ThatNobodyWaitsFor_AreTakenUpToABound_AndAnotherKeyIsDrawnNext()
    {
        var renderer = new HeldRenderer();
        await using var service = new CnnServiceApplication(Settings(), services => services.AddSingleton<IPatternRenderer>(renderer));
        await RedOrBlue.PublishAsync(service, "colours");

        var statuses = new List<HttpStatusCode>();
        for (var seed = 0; seed < 400; seed++)
        {
            using var answer = await GetAsync(service, "read", $"{Pattern}seed={seed}&wait=0");
            statuses.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                await ProblemAssert.IsAsync(answer, HttpStatusCode.TooManyRequests, "render.too-many");
                Assert.NotNull(answer.Headers.RetryAfter);
            }
        }

        Assert.Equal(17, statuses.Count(status => status == HttpStatusCode.Accepted));
        Assert.Equal(383, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
        using var known = await GetAsync(service, "read", $"{Pattern}seed=16&wait=0");
        Assert.Equal(HttpStatusCode.Accepted, known.StatusCode);

        using var other = await GetAsync(service, "classify", $"{Pattern}seed=1000&wait=0"); // In line when it is answered.
        renderer.Release();
        using var drawn = await GetAsync(service, "classify", $"{Pattern}seed=1000&wait=300");

        Assert.Equal(HttpStatusCode.Accepted, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, drawn.StatusCode);
        Assert.Equal([0, 1000], renderer.Seeds.Take(2));
    }

    private static Dictionary<string, string> Settings() => new(Keys.Settings())
    {
        ["Rendering:AtOnce"] = "1",
        ["Limits:RequestBurst"] = "1000",
    };

    private static async Task<HttpResponseMessage> GetAsync(CnnServiceApplication service, string scope, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative(path));
        request.Headers.Add("X-Api-Key", Keys.Of(scope));
        return await service.Client.SendAsync(request);
    }

    private sealed class HeldRenderer : IPatternRenderer
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<int> _seeds = [];

        public IReadOnlyCollection<int> Seeds => _seeds;

        public int MaxConcurrency => 1;

        public void Release() => _released.SetResult();

        public async Task<Outcome<IReadOnlyList<PatternTile>>> RenderAsync(PatternJob job, int filter, CancellationToken cancel)
        {
            _seeds.Enqueue(job.Request.Seed);
            await _released.Task.WaitAsync(cancel);
            return Outcome.Success<IReadOnlyList<PatternTile>>(
                [new(new PixelBuffer(8, 8, 3), new(filter, 1, 0, 0, job.Iterations, 8, 0, PatternStatus.Ok))]);
        }

        public Outcome<IReadOnlyList<float[]>> Respond(PatternJob job, IReadOnlyList<PixelBuffer> images, CancellationToken cancel) =>
            throw new NotSupportedException();
    }
}
