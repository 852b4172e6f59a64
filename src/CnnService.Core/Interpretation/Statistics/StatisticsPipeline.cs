using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Scans;

namespace CnnService.Core.Interpretation.Statistics;

/// <summary>
/// Activity of a layer's filters on a data set, as numbers and as a chart. Problem codes: those of <see cref="LayerScanner"/>. Thread safe.
/// </summary>
/// <param name="scanner">Scans the layer.</param>
public sealed class StatisticsPipeline(LayerScanner scanner)
{
    /// <summary>The statistics. Takes seconds if the layer has not been scanned.</summary>
    /// <param name="plan">Layer and images.</param>
    /// <param name="cancel">Ends the wait.</param>
    public Task<Outcome<LayerScan>> GetOrComputeAsync(StatisticsPlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return scanner.ScanAsync(plan.Scan, cancel);
    }

    /// <summary>The same if the layer has been scanned, else null.</summary>
    public LayerScan? Find(StatisticsPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return scanner.Find(plan.Scan);
    }

    /// <summary>The chart of a scan.</summary>
    /// <param name="plan">The plan of the scan.</param>
    /// <param name="scan">As returned by <see cref="GetOrComputeAsync"/>.</param>
    public static DrawnFigure Render(StatisticsPlan plan, LayerScan scan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(StatisticsImage.Draw(scan), [], plan.ETag);
    }
}
