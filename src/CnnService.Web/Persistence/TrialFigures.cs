using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The figures that a sweep's trials have reached, found by the database among the epochs.</summary>
internal static class TrialFigures
{
    /// <summary>By run: what it has done up to an epoch; nothing of a run without an epoch.</summary>
    public static async Task<Dictionary<string, TrialFigure>> OfAsync(
        StoreContext context, string sweep, MonitoredMetric metric, int upTo, CancellationToken cancel = default)
    {
        var runs = context.SweepTrials.Where(trial => trial.SweepId == sweep && trial.RunId != null);
        // One value a subquery: those read a run's own epochs alone, several at once would number all epochs there are.
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

/// <param name="Last">Epochs done.</param>
/// <param name="Best">Null where none of them was validated.</param>
/// <param name="BestEpoch">The first that had it.</param>
internal sealed record TrialFigure(int Last, double? Best, int? BestEpoch);
