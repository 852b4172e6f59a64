using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

/// <content>Computations that take turns, end late, or end when nobody waits for them.</content>
public sealed partial class CoalescingCacheTests
{
    [Fact]
    public async Task GetOrComputeAsync_FailsAfterAllHaveLeft_IsToldOnceToWhoeverAsksNextAndThenComputedAnew()
    {
        var counted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Recreate(Lingering with { KeepUntoldFailures = Linger }, counted.SetResult); // Throws if it is called twice.
        Assert.Null(await WithinAsync("a", TimeSpan.Zero));
        _result.SetException(new InvalidDataException("torn"));
        await counted.Task.WaitAsync(Limit);

        var told = await Assert.ThrowsAsync<InvalidDataException>(() => WithinAsync("a", TimeSpan.Zero));
        Assert.Equal("torn", told.Message);
        await Assert.ThrowsAsync<InvalidDataException>(() => WithinAsync("a", Timeout.InfiniteTimeSpan));
        Assert.Equal(2, _computations);
    }

    [Fact]
    public async Task GetOrComputeAsync_UntoldFailureLongAgo_IsComputedAnew()
    {
        Recreate(Lingering with { KeepUntoldFailures = Linger });
        Assert.Null(await WithinAsync("a", TimeSpan.Zero));
        _result.SetResult(Problem.Conflict("a.code", "Detail."));
        await _log.First.Task.WaitAsync(Limit);
        _clock.Advance(Linger);

        Assert.Equal("a.code", (await WithinAsync("a", Timeout.InfiniteTimeSpan))?.Problem?.Code);
        Assert.Equal(2, _computations);
    }

    [Fact]
    public async Task GetOrComputeAsync_EndsAfterAllHaveLeft_ValueIsGivenOnceToWhoeverAsksNext()
    {
        Recreate(Lingering with { MaxBytes = 0, KeepUntoldValues = Linger });
        Assert.Null(await WithinAsync("a", TimeSpan.Zero));
        _result.SetResult("value");
        await _ended.Task.WaitAsync(Limit);

        Assert.Equal("value", (await WithinAsync("a", Timeout.InfiniteTimeSpan))?.Value);
        Assert.Equal(1, _computations);
        Assert.Equal("value", (await WithinAsync("a", Timeout.InfiniteTimeSpan))?.Value);
        Assert.Equal(2, _computations);
    }

    [Fact]
    public async Task GetOrComputeAsync_LongerThanTheTimeLimit_IsLeftBehindWithTheProblem()
    {
        Recreate(new("texts") { MaxBytes = 0, TimeLimit = new(Linger, Problem.Conflict("a.late", "Too late.")) });
        var waiting = _cache.GetOrComputeAsync("a", async _ =>
        {
            _begun.SetResult();
            return await _result.Task; // Does not heed its token.
        }, default);
        await _begun.Task.WaitAsync(Limit);
        _clock.Advance(Linger);

        Assert.Equal("a.late", (await waiting.WaitAsync(Limit)).Problem?.Code);
    }

    [Fact]
    public async Task GetOrComputeWithinAsync_FullAdmission_RefusesWhatIsNewAndJoinsWhatIsKnown()
    {
        Recreate(Admitted(waiting: 1));
        Assert.Null(await WithinAsync("runs", TimeSpan.Zero));
        await _begun.Task.WaitAsync(Limit);
        Assert.Null(await WithinAsync("waits", TimeSpan.Zero));

        Assert.Equal(ProblemKind.TooMany, (await WithinAsync("new", TimeSpan.Zero))?.Problem?.Kind);
        Assert.Null(await WithinAsync("waits", TimeSpan.Zero));
        Assert.Equal(1, _computations);
    }

    [Fact]
    public async Task GetOrComputeWithinAsync_NobodyAsksForWhatWaits_IsNeverComputedAndLeavesItsPlace()
    {
        Recreate(Admitted(waiting: 1));
        var running = WithinAsync("runs", Timeout.InfiniteTimeSpan);
        await _begun.Task.WaitAsync(Limit);
        Assert.Null(await WithinAsync("abandoned", TimeSpan.Zero));
        _clock.Advance(Linger);

        Assert.Null(await WithinAsync("next", TimeSpan.Zero));
        _result.SetResult("value");
        Assert.Equal("value", (await running)?.Value);
        Assert.Equal("value", (await WithinAsync("next", Timeout.InfiniteTimeSpan))?.Value);
        Assert.Equal(2, _computations);
    }

    private static CoalescingCacheBounds Lingering { get; } = new("texts") { MaxBytes = 10, Linger = Timeout.InfiniteTimeSpan };

    private CoalescingCacheBounds Admitted(int waiting) => new("texts")
    {
        MaxBytes = 0,
        Linger = Linger,
        KeepUntoldValues = Linger,
        Admission = new(new("texts", "text.too-many") { MaxConcurrency = 1, MaxWaiting = waiting }, _clock),
    };

    private Task<Outcome<string>?> WithinAsync(string key, TimeSpan patience) => _cache.GetOrComputeWithinAsync(
        key, ComputeAsync, new("caller", patience == TimeSpan.Zero ? Urgency.Unattended : Urgency.Attended), patience, default);
}
