using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Models;

/// <summary>
/// Unloads the versions of models whose serving settings another process has changed; the next request loads them by the new ones.
/// </summary>
internal sealed class ServingSettingsWatch(
    BatchingSettingsFiles settings, ModelStore models, IClassifier classifier, DataFolders folders, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                waiting.UnionWith(settings.Changed());
                foreach (var model in waiting.ToList())
                {
                    (await models.VersionsAsync(model, stoppingToken)).ForEach(
                        row => classifier.Unload(folders.ModelVersion(model, row.Version)));
                    waiting.Remove(model);
                }
            }
            catch (StoreUnavailableException)
            {
                // Told by StoreAvailability; tried again at the next tick.
            }
            catch (IOException failure) when (failure.IsDeviceFault())
            {
                // Told where a model is loaded; tried again at the next tick.
            }
        }
    }
}
