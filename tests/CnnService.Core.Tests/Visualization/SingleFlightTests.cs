using CnnService.Core.Visualization;

namespace CnnService.Core.Tests.Visualization;

public sealed class SingleFlightTests
{
    private readonly SingleFlight<int> _flights = new();
    private readonly TaskCompletionSource<int> _result = new();
    private readonly TaskCompletionSource _cancelled = new();
    private int _computations;

    [Fact]
    public async Task RunAsync_SameKeyAtTheSameTime_ComputesOnce()
    {
        var first = RunAsync("a", TestContext.Current.CancellationToken);
        var second = RunAsync("a", TestContext.Current.CancellationToken);
        _result.SetResult(7);

        var results = await Task.WhenAll(first, second);
        Assert.Equal([7, 7], results);
        Assert.Equal(1, _computations);
    }

    [Fact]
    public async Task RunAsync_OtherKeyOrLater_ComputesAnew()
    {
        _result.SetResult(7);
        await RunAsync("a", TestContext.Current.CancellationToken);
        await RunAsync("b", TestContext.Current.CancellationToken);
        await RunAsync("a", TestContext.Current.CancellationToken);

        Assert.Equal(3, _computations);
    }

    [Fact]
    public async Task RunAsync_OneOfTwoGivesUp_OtherGetsTheResult()
    {
        using var impatient = new CancellationTokenSource();
        var first = RunAsync("a", impatient.Token);
        var second = RunAsync("a", TestContext.Current.CancellationToken);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(_cancelled.Task.IsCompleted);
        _result.SetResult(9);

        Assert.Equal(9, await second);
    }

    [Fact]
    public async Task RunAsync_EverybodyGivesUp_CancelsTheComputationAndTheNextStartsAnew()
    {
        using var impatient = new CancellationTokenSource();
        var first = RunAsync("a", impatient.Token);
        var second = RunAsync("a", impatient.Token);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(first, second));
        await _cancelled.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        _result.SetResult(3);

        Assert.Equal(3, await RunAsync("a", TestContext.Current.CancellationToken));
        Assert.Equal(2, _computations);
    }

    [Fact]
    public async Task RunAsync_ComputationFails_AllHearOfIt()
    {
        var first = RunAsync("a", TestContext.Current.CancellationToken);
        var second = RunAsync("a", TestContext.Current.CancellationToken);
        _result.SetException(new InvalidDataException("torn"));

        await Assert.ThrowsAsync<InvalidDataException>(() => first);
        await Assert.ThrowsAsync<InvalidDataException>(() => second);
    }

    private Task<int> RunAsync(string key, CancellationToken cancel) => _flights.RunAsync(
        key,
        async abandoned =>
        {
            Interlocked.Increment(ref _computations);
            try
            {
                return await _result.Task.WaitAsync(abandoned);
            }
            catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
            {
                _cancelled.TrySetResult();
                throw;
            }
        },
        cancel);
}
