using CnnService.Core.Common;

namespace CnnService.Web.Hosting;

/// <summary>Gives memory that native libraries have freed back to the system each minute: what a burst of requests took would stay
/// resident for good.</summary>
internal sealed class NativeMemoryTrim(TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (NativeHeap.CanTrim && await timer.WaitForNextTickAsync(stoppingToken))
        {
            NativeHeap.Trim();
        }
    }
}
