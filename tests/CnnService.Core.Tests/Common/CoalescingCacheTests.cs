using System.Collections.Concurrent;
using CnnService.Core.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Common;

public sealed partial class CoalescingCacheTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Linger = TimeSpan.FromMinutes(10);

    private readonly RecordingLogger _log = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource<Outcome<string>> _result = new();
    private readonly TaskCompletionSource _begun = new();
    private readonly TaskCompletionSource _cancelled = new();
    private readonly TaskCompletionSource _ended = new();
    private readonly CancellationTokenSource _impatient = new();
    private CoalescingCache<string, string> _cache;
    private int _computations;

    public CoalescingCacheTests() => _cache = Cache(new("texts") { MaxBytes = 10 });

    [Fact]
    public async Task GetOrComputeAsync_SameKeyAtTheSameTime_ComputesOnce()
    {
        var first = GetAsync("a");
        var second = GetAsync("a");
        _result.SetResult("value");

        Assert.Equal("value", (await first).Value);
        Assert.Equal("value", (await second).Value);
        Assert.Equal(1, _computations);
    }

    [Fact]
    public async Task GetOrComputeAsync_KeptValue_IsNotComputedAgain()
    {
        _result.SetResult("value");
        await GetAsync("a");
        await GetAsync("b");
        await GetAsync("a");

        Assert.Equal(2, _computations);
        Assert.True(_cache.TryGet("a", out var kept));
        Assert.Equal("value", kept);
        Assert.True(_cache.TryGet("b", out _));
    }

    [Fact]
    public async Task GetOrComputeAsync_MoreBytesThanAllowed_LeastRecentlyUsedLeaves()
    {
        _result.SetResult("value");
        await GetAsync("a");
        await GetAsync("b");
        Assert.True(_cache.TryGet("a", out _));
        await GetAsync("c");

        Assert.True(_cache.TryGet("a", out _));
        Assert.False(_cache.TryGet("b", out _));
        Assert.True(_cache.TryGet("c", out _));
    }

    [Fact]
    public async Task GetOrComputeAsync_ValueLargerThanTheCache_IsGivenAndNotKept()
    {
        _result.SetResult("eleven long");

        Assert.Equal("eleven long", (await GetAsync("a")).Value);
        Assert.False(_cache.TryGet("a", out _));
    }

    [Fact]
    public async Task GetOrComputeAsync_Problem_IsHeardByAllAndNotKept()
    {
        var (first, second) = (GetAsync("a"), GetAsync("a"));
        _result.SetResult(Problem.Conflict("a.code", "Detail."));

        Assert.Equal("a.code", (await first).Problem?.Code);
        Assert.Equal("a.code", (await second).Problem?.Code);
        await GetAsync("a");
        Assert.Equal(2, _computations);
        Assert.Empty(_log.Messages);
    }

    [Fact]
    public async Task GetOrComputeAsync_Exception_IsHeardByAllAndNotKept()
    {
        var (first, second) = (GetAsync("a"), GetAsync("a"));
        _result.SetException(new InvalidDataException("torn"));

        await Assert.ThrowsAsync<InvalidDataException>(() => first);
        await Assert.ThrowsAsync<InvalidDataException>(() => second);
        await Assert.ThrowsAsync<InvalidDataException>(() => GetAsync("a"));
        Assert.Equal(2, _computations);
    }

    [Fact]
    public async Task GetOrComputeAsync_OneOfTwoGivesUp_OtherGetsTheValue()
    {
        var first = GetAsync("a", _impatient.Token);
        var second = GetAsync("a");

        await GiveUpAsync(first);
        Assert.False(_cancelled.Task.IsCompleted);
        _result.SetResult("value");

        Assert.Equal("value", (await second).Value);
    }

    [Fact]
    public async Task GetOrComputeAsync_EverybodyGivesUp_CancelsTheComputationAndTheNextStartsAnew()
    {
        await GiveUpAsync(GetAsync("a", _impatient.Token));
        await _cancelled.Task.WaitAsync(Limit);
        _result.SetResult("value");

        Assert.Equal("value", (await GetAsync("a")).Value);
        Assert.Equal(2, _computations);
    }

    [Fact]
    public async Task GetOrComputeAsync_EverybodyGivesUpButItLingers_NextJoinsIt()
    {
        Recreate(new("texts") { MaxBytes = 10, Linger = Linger });
        await GiveUpAsync(GetAsync("a", _impatient.Token));
        var next = GetAsync("a");
        _clock.Advance(Linger); // The timer was stopped by the next caller.
        _result.SetResult("value");

        Assert.Equal("value", (await next).Value);
        Assert.Equal(1, _computations);
    }

    [Fact]
    public async Task GetOrComputeAsync_NobodyComesWhileItLingers_CancelsTheComputation()
    {
        Recreate(new("texts") { MaxBytes = 10, Linger = Linger });
        await GiveUpAsync(GetAsync("a", _impatient.Token));
        _clock.Advance(Linger - TimeSpan.FromTicks(1));
        Assert.False(_cancelled.Task.IsCompleted);

        _clock.Advance(TimeSpan.FromTicks(1));
        await _cancelled.Task.WaitAsync(Limit);
    }

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
    public async Task GetOrComputeAsync_OneAtATime_OthersWaitInLine()
    {
        Recreate(new("texts") { MaxBytes = 10, MaxConcurrency = 1 });
        var first = GetAsync("a");
        await _begun.Task;
        var second = _cache.GetOrComputeAsync("b", _ => Task.FromResult<Outcome<string>>(_result.Task.IsCompleted ? "late" : "early"),
            default);
        _result.SetResult("value");
        await first;

        Assert.Equal("late", (await second).Value);
    }

    /// <summary>Many times: a computation that is over before the caller looks at it must not be what decides.</summary>
    [Fact]
    public async Task GetOrComputeWithinAsync_NoPatience_IsNullHoweverQuickTheComputation()
    {
        Recreate(new("texts") { MaxBytes = 0, Linger = Timeout.InfiniteTimeSpan });
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Null(
                await _cache.GetOrComputeWithinAsync($"{i}", _ => Task.FromResult<Outcome<string>>("quick"), TimeSpan.Zero, default));
        }
    }

    [Fact]
    public async Task GetOrComputeWithinAsync_KeptValue_IsGivenWithoutPatience()
    {
        _result.SetResult("value");
        await GetAsync("a");

        var kept = await _cache.GetOrComputeWithinAsync("a", _ => throw new InvalidOperationException("It is kept."), TimeSpan.Zero,
            default);

        Assert.Equal("value", kept?.Value);
    }

    [Fact]
    public async Task Dispose_WhileItComputes_CancelsTheComputation()
    {
        var waiting = GetAsync("a");
        _cache.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _cancelled.Task.WaitAsync(Limit);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => GetAsync("b"));
    }

    public void Dispose()
    {
        _cache.Dispose();
        _impatient.Dispose();
    }

    private CoalescingCache<string, string> Cache(CoalescingCacheBounds options, Action? failedUnattended = null) =>
        new(options, text => text.Length, _log, _clock, failedUnattended);

    private void Recreate(CoalescingCacheBounds options, Action? failedUnattended = null)
    {
        _cache.Dispose();
        _cache = Cache(options, failedUnattended);
    }

    private async Task GiveUpAsync(Task waiting)
    {
        await _impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Task<Outcome<string>> GetAsync(string key, CancellationToken cancel = default) =>
        _cache.GetOrComputeAsync(key, ComputeAsync, cancel);

    private async Task<Outcome<string>> ComputeAsync(CancellationToken abandoned)
    {
        Interlocked.Increment(ref _computations);
        _begun.TrySetResult();
        try
        {
            return await _result.Task.WaitAsync(abandoned);
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            _cancelled.TrySetResult();
            throw;
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private sealed class RecordingLogger : ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = new();

        public TaskCompletionSource<Exception?> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Messages.Enqueue(formatter(state, exception));
            First.TrySetResult(exception);
        }
    }
}
