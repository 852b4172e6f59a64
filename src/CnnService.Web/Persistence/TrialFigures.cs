using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Metrics of a sweep's trials, computed from their epochs by the database.</summary>
internal static class TrialFigures
{
    /// <summary>Metrics by run over the epochs up to one; runs without an epoch are absent.</summary>
    public static async Task<Dictionary<string, TrialFigure>> ReadAsync(
        StoreContext context, string sweep, MonitoredMetric metric, int upTo, CancellationToken cancel = default)
    {
        var runs = context.SweepTrials.Where(trial => trial.SweepId == sweep && trial.RunId != null);
        // One subquery per value: each reads only the run's own epochs; a combined one would rank all epochs of the table.
        var figures = metric == MonitoredMetric.ValidationLoss
            ? runs.Select(trial => new
            {
                trial.RunId,
                Last = context.Epochs.Where(epoch => epoch.RunId == trial.RunId && epoch.Epoch <= upTo).Max(epoch => (int?)epoch.Epoch),
                Best = context.Epochs.Where(epoch => epoch.RunId == trial.RunId && epoch.Epoch <= upTo && epoch.ValidationLoss != null)
                    .OrderBy(epoch => epoch.ValidationLoss).ThenBy(epoch => epoch.Epoch).Select(epoch => epoch.ValidationLoss)
                    .FirstOrDefault(),
                BestEpoch = context.Epochs.Where(epoch => epoch.RunId == trial.RunId && epoch.Epoch <= upTo && epoch.ValidationLoss != null)
                    .OrderBy(epoch => epoch.ValidationLoss).ThenBy(epoch => epoch.Epoch).Select(epoch => (int?)epoch.Epoch)
                    .FirstOrDefault(),
            })
            : runs.Select(trial => new
            {
                trial.RunId,
                Last = context.Epochs.Where(epoch => epoch.RunId == trial.RunId && epoch.Epoch <= upTo).Max(epoch => (int?)epoch.Epoch),
                Best = context.Epochs.Where(epoch => epoch.RunId == trial.RunId && epoch.Epoch <= upTo && epoch.ValidationAccuracy != null)
                    .OrderByDescending(epoch => epoch.ValidationAccuracy).ThenBy(epoch => epoch.Epoch)
                    .Select(epoch => epoch.ValidationAccuracy).FirstOrDefault(),
                BestEpoch = context.Epochs.Where(
                    epoch => epoch.RunId == trial.RunId && epoch.Epoch <= upTo && epoch.ValidationAccuracy != null)
                    .OrderByDescending(epoch => epoch.ValidationAccuracy).ThenBy(epoch => epoch.Epoch).Select(epoch => (int?)epoch.Epoch)
                    .FirstOrDefault(),
            });
        return (await figures.ToListAsync(cancel)).Where(run => run.Last is not null)
            .ToDictionary(run => run.RunId!, run => new TrialFigure(run.Last!.Value, run.Best, run.BestEpoch), StringComparer.Ordinal);
    }
}
