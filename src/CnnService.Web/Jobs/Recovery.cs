using CnnService.Core.Common;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;

namespace CnnService.Web.Jobs;

/// <summary>Finds work that nobody does, at start and every 30 s, and rings for it; deletes what crashes left behind.</summary>
internal sealed partial class Recovery(
    RunStore runs, DatasetStore datasets, WorkQueue queue, DataFolders folders, TimeProvider clock, ILogger<Recovery> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stale = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Clean();
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                await RingAsync().ConfigureAwait(false);
            }
            catch (StoreUnavailableException failure)
            {
                LogUnavailable(failure.Message); // Looked for again in 30 s.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task RingAsync()
    {
        (await datasets.ImportingAsync().ConfigureAwait(false)).ForEach(queue.Import);
        (await runs.ClaimableAsync().ConfigureAwait(false)).ForEach(queue.Train);
    }

    /// <summary>Files that were being written when a process died. Young ones may belong to another process.</summary>
    private void Clean()
    {
        var before = clock.GetUtcNow() - Stale;
        var left = Directory.EnumerateFiles(folders.Root, "*" + DurableFile.TemporaryMark + "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(folders.Uploads))
            .Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime);
        foreach (var file in left.ToList())
        {
            File.Delete(file);
            LogDeleted(file);
        }
    }

    [LoggerMessage(LogLevel.Information, "Deleted {File}, left by a crash")]
    private partial void LogDeleted(string file);

    [LoggerMessage(LogLevel.Warning, "Waiting work cannot be looked for: {Reason}")]
    private partial void LogUnavailable(string reason);
}
