using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The figures that a sweep's trials have reached, counted by the database from the epochs.</summary>
internal static class TrialFigures
{
    /// <summary>By run: the last epoch, and the best figure, up to an epoch.</summary>
    public static async Task<Dictionary<string, TrialFigure>> OfAsync(StoreContext context, string sweep, MonitoredMetric metric, int upTo = int.MaxValue)
    {
        var rows = await Epochs(context, sweep, metric).Where(epoch => epoch.Epoch <= upTo).GroupBy(epoch => epoch.RunId)
            .Select(run => new { Id = run.Key, Last = run.Max(epoch => epoch.Epoch), Least = run.Min(epoch => epoch.Figure), Most = run.Max(epoch => epoch.Figure) })
            .ToListAsync().ConfigureAwait(false);
        return rows.ToDictionary(run => run.Id, run => new TrialFigure(run.Last, metric == MonitoredMetric.ValidationLoss ? run.Least : run.Most), StringComparer.Ordinal);
    }

    /// <summary>By run: the first epoch that had its best figure.</summary>
    public static async Task<Dictionary<string, int>> EpochsAsync(
        StoreContext context, string sweep, MonitoredMetric metric, IReadOnlyDictionary<string, TrialFigure> figures)
    {
        var best = figures.Values.Select(figure => figure.Best).OfType<double>().Distinct().ToList();
        var rows = await Epochs(context, sweep, metric).Where(epoch => epoch.Figure != null && best.Contains(epoch.Figure.Value)).ToListAsync().ConfigureAwait(false);
        return rows.Where(epoch => figures[epoch.RunId].Best == epoch.Figure).GroupBy(epoch => epoch.RunId, StringComparer.Ordinal)
            .ToDictionary(run => run.Key, run => run.Min(epoch => epoch.Epoch), StringComparer.Ordinal);
    }

    private static IQueryable<EpochFigure> Epochs(StoreContext context, string sweep, MonitoredMetric metric)
    {
        var epochs = context.SweepTrials.Where(trial => trial.SweepId == sweep).Join(context.Epochs, trial => trial.RunId, epoch => epoch.RunId, (_, epoch) => epoch);
        return metric == MonitoredMetric.ValidationLoss
            ? epochs.Select(epoch => new EpochFigure { RunId = epoch.RunId, Epoch = epoch.Epoch, Figure = epoch.ValidationLoss })
            : epochs.Select(epoch => new EpochFigure { RunId = epoch.RunId, Epoch = epoch.Epoch, Figure = epoch.ValidationAccuracy });
    }

    private sealed class EpochFigure
    {
        public required string RunId { get; init; }

        public int Epoch { get; init; }

        public double? Figure { get; init; }
    }
}

/// <param name="Last">Epochs done.</param>
/// <param name="Best">Null where none of them was validated.</param>
internal sealed record TrialFigure(int Last, double? Best);
