using System.Collections.Concurrent;
using CnnService.Core.Common;
using CnnService.Web.Api.Rendering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Api.Rendering;

public sealed class RenderingsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RenderingOptions _options = new() { AtOnce = 1 };
    private readonly Renderings _renderings;
    private readonly ConcurrentQueue<string> _drawn = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Outcome<string>>> _held = [];

    public RenderingsTests() => _renderings = new(NullLogger<Renderings>.Instance, Options.Create(_options), _clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _renderings.Dispose();

    [Fact]
    public async Task Wait_FourHundredTagsOfOneKeyThatNobodyWaitsFor_SeventeenAreTakenAndTheRestRefused()
    {
        var answers = new List<Outcome<string>?>();
        for (var i = 0; i < 400; i++)
        {
            answers.Add(await AskAsync("batch", $"{i}", TimeSpan.Zero));
        }

        Assert.All(answers.Take(17), Assert.Null);
        Assert.All(answers.Skip(17), answer => Assert.Equal("render.too-many", answer?.Problem?.Code));
        Assert.All(answers.Skip(17), answer => Assert.NotNull(answer?.Problem?.RetryAfter));
    }

    [Fact]
    public async Task Wait_NobodyAsksAgain_WhatWaitsIsNeverDrawn()
    {
        for (var i = 0; i < 17; i++)
        {
            Assert.Null(await AskAsync("batch", $"{i}", TimeSpan.Zero));
        }

        _clock.Advance(_options.AbandonAfter);
        Assert.Equal("last", (await DrawAsync("batch", "last"))?.Value);

        Assert.Empty(_drawn.Except(["0", "last"])); // The first may have begun.
    }

    [Fact]
    public async Task Wait_AskedForAgainInTime_IsDrawn()
    {
        Assert.Null(await AskAsync("batch", "0", TimeSpan.Zero));
        Assert.Null(await AskAsync("batch", "1", TimeSpan.Zero));
        for (var i = 0; i < 4; i++)
        {
            _clock.Advance(_options.AbandonAfter / 2);
            Assert.Null(await AskAsync("batch", "0", TimeSpan.Zero));
            Assert.Null(await AskAsync("batch", "1", TimeSpan.Zero));
        }

        Finish("0");

        Assert.Equal("1", (await DrawAsync("batch", "1"))?.Value);
    }

    [Fact]
    public async Task Wait_AnotherKeyBehindAFullQueue_IsDrawnNext()
    {
        for (var i = 0; i < 17; i++)
        {
            Assert.Null(await AskAsync("batch", $"{i}", TimeSpan.Zero));
        }

        var other = DrawAsync("other", "other");
        Finish("0");

        Assert.Equal("other", (await other)?.Value);
        Assert.Equal(["0", "other"], _drawn.Take(2));
    }

    [Fact]
    public async Task Wait_ResultThatEndsBetweenTwoQuestions_IsGivenToTheSecond()
    {
        Assert.Null(await AskAsync("batch", "0", TimeSpan.Zero));
        Finish("0");
        await DrawAsync("batch", "next"); // Its turn comes after the first has ended.

        Assert.Equal("0", (await AskAsync("batch", "0", TimeSpan.Zero))?.Value);
        Assert.Equal(["0", "next"], _drawn);
    }

    [Fact]
    public async Task Wait_LongerThanTheTimeLimit_IsAProblem_AndTheNextIsDrawn()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stuck = _renderings.WaitAsync(
            "stuck", new("a", Urgency.Attended), Timeout.InfiniteTimeSpan,
            async _ =>
            {
                begun.SetResult();
                return await Held("stuck").Task; // Does not heed its token, as a native call does not.
            },
            Cancel);
        await begun.Task.WaitAsync(Cancel);
        var next = DrawAsync("a", "next");
        _clock.Advance(_options.TimeLimit);

        Assert.Equal("render.timeout", (await stuck)?.Problem?.Code);
        Assert.Equal("next", (await next)?.Value);
    }

    [Fact]
    public async Task Moment_WhileALongOneRuns_DoesNotWaitForIt()
    {
        Assert.Null(await AskAsync(Caller.Loopback, "long", TimeSpan.Zero));

        var moment = await _renderings.MomentAsync(new DefaultHttpContext(), () => Outcome.Success("at once"));

        Assert.Equal("at once", moment.Value);
    }

    [Fact]
    public async Task Moment_MoreThanWait_AreRefused()
    {
        var held = new TaskCompletionSource<Outcome<string>>();
        var all = Enumerable.Range(0, 20).Select(_ => _renderings.MomentAsync(new DefaultHttpContext(), _ => held.Task)).ToList();
        held.SetResult("drawn");

        var answers = await Task.WhenAll(all);
        Assert.Equal(17, answers.Count(answer => answer.Succeeded));
        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal("render.too-many", answer.Problem?.Code));
    }

    [Fact]
    public async Task Moment_LongerThanItsLimit_IsAProblem_AndKeepsItsPlaceUntilItEnds()
    {
        var held = new TaskCompletionSource<Outcome<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stuck = _renderings.MomentAsync(new DefaultHttpContext(), _ =>
        {
            begun.SetResult();
            return held.Task; // Does not heed its token, as a native call does not.
        });
        await begun.Task.WaitAsync(Cancel);
        _clock.Advance(_options.MomentTimeLimit);
        Assert.Equal("render.timeout", (await stuck).Problem?.Code);

        var next = _renderings.MomentAsync(new DefaultHttpContext(), () => Outcome.Success("next"));
        _clock.Advance(_options.MomentTimeLimit / 2);
        Assert.False(next.IsCompleted);
        held.SetResult("too late");
        Assert.Equal("next", (await next).Value);
    }

    [Fact]
    public async Task Moment_LimitOfTheRequest_CoversWhatWasDoneBeforeItsTurn()
    {
        var http = new DefaultHttpContext();
        _ = _renderings.Limit(http);
        _clock.Advance(_options.MomentTimeLimit);

        Assert.Equal("render.timeout", (await _renderings.MomentAsync(http, () => Outcome.Success("too late"))).Problem?.Code);
    }

    private Task<Outcome<string>?> DrawAsync(string caller, string tag)
    {
        Finish(tag);
        return AskAsync(caller, tag, Timeout.InfiniteTimeSpan);
    }

    private Task<Outcome<string>?> AskAsync(string caller, string tag, TimeSpan patience) => _renderings.WaitAsync(
        tag,
        new(caller, patience == TimeSpan.Zero ? Urgency.Unattended : Urgency.Attended),
        patience,
        given =>
        {
            _drawn.Enqueue(tag);
            return Held(tag).Task.WaitAsync(given);
        },
        Cancel);

    private void Finish(string tag) => Held(tag).TrySetResult(tag);

    private TaskCompletionSource<Outcome<string>> Held(string tag) =>
        _held.GetOrAdd(tag, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
