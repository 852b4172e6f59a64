using CnnService.Core.Common;
using CnnService.Web.Features.Visualize;
using Microsoft.Extensions.Logging;

namespace CnnService.Web.Tests.Features.Visualize;

public sealed class RenderingsTests : IDisposable
{
    private readonly HeardLog _log = new();
    private readonly Renderings _renderings;
    private int _drawings;

    public RenderingsTests() => _renderings = new(_log, TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _renderings.Dispose();

    [Fact]
    public async Task Wait_FaultAfterTheCallerWentAway_IsLoggedAndToldOnceToWhoeverAsksAgain()
    {
        var held = new TaskCompletionSource<Outcome<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Null(await WaitAsync(held.Task, TimeSpan.Zero));

        held.SetException(new InvalidDataException("The weights are torn."));
        var (level, message, fault) = await _log.Heard.Task.WaitAsync(Cancel);
        Assert.Equal((LogLevel.Error, "The weights are torn."), (level, fault?.Message));
        Assert.Contains("tag-1", message, StringComparison.Ordinal);

        var told = await Assert.ThrowsAsync<InvalidDataException>(() => WaitAsync(Done(7), Timeout.InfiniteTimeSpan));
        Assert.Same(fault, told);
        Assert.Equal(7, (await WaitAsync(Done(7), Timeout.InfiniteTimeSpan))?.Value);
        Assert.Equal(2, _drawings);
    }

    [Fact]
    public async Task Wait_ProblemAfterTheCallerWentAway_IsToldOnceToWhoeverAsksAgain()
    {
        var held = new TaskCompletionSource<Outcome<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Null(await WaitAsync(held.Task, TimeSpan.Zero));

        held.SetResult(Problem.Conflict("run.snapshots-changed", "They are gone."));
        var (level, message, _) = await _log.Heard.Task.WaitAsync(Cancel);

        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("run.snapshots-changed", message, StringComparison.Ordinal);
        Assert.Equal("run.snapshots-changed", (await WaitAsync(Done(7), Timeout.InfiniteTimeSpan))?.Problem?.Code);
        Assert.Equal(7, (await WaitAsync(Done(7), Timeout.InfiniteTimeSpan))?.Value);
    }

    [Fact]
    public async Task Wait_SameTagAtOnce_IsDrawnOnceAndItsFaultToldToAllWithoutALog()
    {
        var held = new TaskCompletionSource<Outcome<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 3).Select(_ => WaitAsync(held.Task, Timeout.InfiniteTimeSpan)).ToArray();

        held.SetException(new InvalidDataException());

        foreach (var caller in callers)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => caller);
        }

        Assert.Equal(1, _drawings);
        Assert.False(_log.Heard.Task.IsCompleted);
    }

    private Task<Outcome<int>?> WaitAsync(Task<Outcome<int>> drawn, TimeSpan patience) => _renderings.WaitAsync(
        "tag-1",
        patience,
        _ =>
        {
            Interlocked.Increment(ref _drawings);
            return drawn;
        },
        Cancel);

    private static Task<Outcome<int>> Done(int value) => Task.FromResult(Outcome.Success(value));

    /// <summary>Hears the first message.</summary>
    private sealed class HeardLog : ILogger<Renderings>
    {
        public TaskCompletionSource<(LogLevel Level, string Message, Exception? Fault)> Heard { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Heard.TrySetResult((logLevel, formatter(state, exception), exception));
    }
}
