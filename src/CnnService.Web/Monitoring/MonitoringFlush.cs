using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Monitoring;

/// <summary>Writes counts down and looks for settings made elsewhere, now and then and at the end; forgets old counts.</summary>
internal sealed partial class MonitoringFlush(
    MonitoringSettings settings, ShadowTraffic shadows, CaptureTraffic captures, CaptureStore store, IOptions<MonitoringOptions> options,
    TimeProvider clock, ILogger<MonitoringFlush> logger)
    : BackgroundService
{
    private readonly Lock _gate = new();
    private Task? _stopped; // Guarded by _gate.

    /// <summary>Once: a host may be stopped from two sides, and be disposed when the faster one is done.</summary>
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

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StoreUnavailableException failure)
        {
            LogLater(failure.Message); // What was counted is kept until then.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Counts of served images cannot be written now: {Reason}")]
    private partial void LogLater(string reason);
}
