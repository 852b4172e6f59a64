using CnnService.Core.Common;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Statistics;

/// <summary>A validated request for the statistics of a layer's filters. Immutable.</summary>
public sealed class StatisticsPlan
{
    private StatisticsPlan(ScanPlan scan) => Scan = scan;

    /// <summary>Entity tag of the chart.</summary>
    public string ETag => $"{Scan.Key}-statistics";

    internal ScanPlan Scan { get; }

    /// <inheritdoc cref="ScanPlan.Create"/>
    public static Outcome<StatisticsPlan> Create(LoadedModel model, string layer, ScanSource source) =>
        ScanPlan.Create(model, layer, source).Map(scan => new StatisticsPlan(scan));
}
