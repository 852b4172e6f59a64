using System.Net;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>A pattern whose drawing fails after its 202.</summary>
public class FailedPatternTests
{
    private const string Path = "visualize/conv_1/0?model=colours&iterations=16";

    [Fact]
    public async Task Pattern_FailsAfterIts202_IsToldToWhoeverAsksAgain_AndThenTriedAnew()
    {
        var renderer = new RendererThatFailsOnce();
        await using var service = new CnnServiceApplication([], services => services.AddSingleton<IPatternRenderer>(renderer));
        await RedOrBlue.PublishAsync(service, "colours");

        using var early = await service.Client.GetAsync(CnnServiceApplication.Relative($"{Path}&wait=0"));
        renderer.Fail();
        using var told = await service.Client.GetAsync(CnnServiceApplication.Relative($"{Path}&wait=300"));
        using var anew = await service.Client.GetAsync(CnnServiceApplication.Relative($"{Path}&wait=300"));

        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        await ProblemAssert.IsAsync(told, HttpStatusCode.InternalServerError, "service.failed");
        Assert.Equal(HttpStatusCode.OK, anew.StatusCode);
        Assert.Equal(2, renderer.Drawings);
    }

    private sealed class RendererThatFailsOnce : IPatternRenderer
    {
        private readonly TaskCompletionSource<Outcome<IReadOnlyList<PatternTile>>> _first =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _drawings;

        public int Drawings => _drawings;

        public int MaxConcurrency => 1;

        public void Fail() => _first.SetException(new InvalidDataException("The weights are torn."));

        public Task<Outcome<IReadOnlyList<PatternTile>>> RenderAsync(PatternJob job, int filter, CancellationToken cancel) =>
            Interlocked.Increment(ref _drawings) == 1
            ? _first.Task
            : Task.FromResult(Outcome.Success<IReadOnlyList<PatternTile>>(
                [new(new PixelBuffer(8, 8, 3), new(filter, 1, 0, 0, job.Iterations, 8, 0, PatternStatus.Ok))]));

        public Outcome<IReadOnlyList<float[]>> Respond(PatternJob job, IReadOnlyList<PixelBuffer> images, CancellationToken cancel) =>
            throw new NotSupportedException();
    }
}
