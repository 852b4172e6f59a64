using System.Diagnostics.Metrics;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Visualize;

/// <summary>Metrics of renderings that no client waits for any more.</summary>
internal static class RenderingMetrics
{
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
        "cnnservice.render.unattended_failures", "{drawing}", "Drawings that failed after their callers had been told to ask again.");

    public static void Unattended() => Failures.Add(1);
}
