using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

/// <summary>What becomes of computations whose callers have all left.</summary>
public sealed partial class CoalescingCacheTests
{
    [Fact]
    public async Task GetOrComputeAsync_FailsAfterAllHaveLeft_IsLogged()
    {
        Recreate(new("texts") { MaxBytes = 10, Linger = Timeout.InfiniteTimeSpan });
        await GiveUpAsync(GetAsync("a", _impatient.Token));
        _result.SetException(new InvalidDataException("torn"));

        var failure = await _log.First.Task.WaitAsync(Limit);
        Assert.IsType<InvalidDataException>(failure);
        Assert.Equal("A computation for the texts failed after all callers had left", Assert.Single(_log.Messages));
    }

    [Fact]
    public async Task GetOrComputeAsync_ProblemAfterAllHaveLeft_IsLogged()
    {
        Recreate(new("texts") { MaxBytes = 10, Linger = Timeout.InfiniteTimeSpan });
        await GiveUpAsync(GetAsync("a", _impatient.Token));
        _result.SetResult(Problem.Conflict("a.code", "Detail."));

        await _log.First.Task.WaitAsync(Limit);
        Assert.Equal("A computation for the texts gave a.code after all callers had left: Detail.", Assert.Single(_log.Messages));
    }

    [Fact]
    public async Task GetOrComputeAsync_FailsAfterAllHaveLeft_IsToldOnceToWhoeverAsksNextAndThenComputedAnew()
    {
        var unattended = 0;
        Recreate(Lingering with { KeepUntoldFailures = Linger }, () => unattended++);
        Assert.Null(await WithinAsync("a", TimeSpan.Zero));
        _result.SetException(new InvalidDataException("torn"));
        await _log.First.Task.WaitAsync(Limit);

        var told = await Assert.ThrowsAsync<InvalidDataException>(() => WithinAsync("a", TimeSpan.Zero));
        Assert.Equal("torn", told.Message);
        await Assert.ThrowsAsync<InvalidDataException>(() => WithinAsync("a", Timeout.InfiniteTimeSpan));
        Assert.Equal((2, 1), (_computations, unattended));
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
}
