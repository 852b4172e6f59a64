using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Monitoring;

/// <summary>
/// Stores counts and reloads settings changed by other processes, periodically; stores counts at shutdown; deletes old counts at start.
/// </summary>
internal sealed class MonitoringFlush(
    MonitoringSettings settings, ShadowTraffic shadows, CaptureTraffic captures, CaptureStore store, IOptions<MonitoringOptions> options,
    TimeProvider clock)
    : BackgroundService
{
    private readonly Lock _gate = new();
    private Task? _stopped; // Guarded by _gate.

    /// <summary>Stops only once: a host may be stopped by two callers, and be disposed when the faster one is done.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _stopped ??= StopOnceAsync(cancellationToken);
        }
    }

    private async Task StopOnceAsync(CancellationToken cancel)
    {
        await base.StopAsync(cancel);
        await TryAsync(FlushAsync);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.FlushEvery, clock);
        await TryAsync(() => store.ForgetCountsAsync(clock.GetUtcNow() - options.Value.KeepCounts));
        do
        {
            await TryAsync(settings.RefreshAsync);
            await TryAsync(FlushAsync);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task FlushAsync()
    {
        await shadows.FlushAsync();
        await captures.FlushAsync();
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StoreUnavailableException)
        {
            // Told by StoreAvailability. Counts that could not be stored are kept for the next flush.
        }
    }
}
