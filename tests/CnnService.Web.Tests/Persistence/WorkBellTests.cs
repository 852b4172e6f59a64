using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Persistence;

/// <summary>What wakes a worker.</summary>
/// <param name="postgres">The tests' own server.</param>
public sealed class WorkBellTests(PostgresServer postgres)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Wait_WithoutARing_EndsAfterTheLongestTime()
    {
        var clock = new FakeTimeProvider();
        var waiting = new WorkBell(clock).WaitAsync(Longest, CancellationToken.None);

        clock.Advance(Longest - TimeSpan.FromMilliseconds(10));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(20));

        await waiting;
    }

    [Fact]
    public async Task Wait_AfterRings_EndsAtOnce_AndOnlyOnce()
    {
        var clock = new FakeTimeProvider();
        var bell = new WorkBell(clock);
        bell.Ring();
        bell.Ring();

        var first = bell.WaitAsync(Longest, CancellationToken.None);
        clock.Advance(TimeSpan.FromMilliseconds(200));
        await first;

        var second = bell.WaitAsync(Longest, CancellationToken.None);
        clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.False(second.IsCompleted);
        bell.Ring();
        await second;
    }

    [Fact]
    public async Task Wait_ThatIsCancelled_SaysSo()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = new WorkBell(new FakeTimeProvider()).WaitAsync(Longest, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Row_ThatBeginsToWait_RingsInEveryProcessThatListens()
    {
        await using var host = await StoreHost.PostgresAsync(postgres);
        var bell = new WorkBell(TimeProvider.System);
        using var listener = new PostgresListener(
            host.Services.GetRequiredService<PostgresSource>(), bell, TimeProvider.System, NullLogger<PostgresListener>.Instance);
        await listener.StartAsync(CancellationToken.None);
        await bell.WaitAsync(TimeSpan.FromMinutes(30), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(10)); // It listens now.

        var run = await host.AddRunAsync();
        await RingsAsync(bell);
        var worker = await RunWorker.ClaimAsync(host.Services, run.Id, "one", TimeSpan.FromSeconds(30));
        Assert.True(await worker!.RequeueAsync(blameless: true));
        await RingsAsync(bell);
        await listener.StopAsync(CancellationToken.None);
    }

    /// <summary>Long before the next look.</summary>
    private static Task RingsAsync(WorkBell bell) =>
        bell.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(10));
}
