using System.Diagnostics;
using System.Diagnostics.Metrics;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>Metrics of rendered images: kind, duration, and whether they came from the cache.</summary>
public static class RenderMetrics
{
    public const string Pattern = "pattern";

    public const string Class = "class";

    public const string FeatureMap = "feature-map";

    public const string Kernel = "kernel";

    public const string Explanation = "explanation";

    private static readonly Histogram<double> Durations = Telemetry.Meter.CreateHistogram<double>(
        "cnnservice.render.duration", "s",
        "Time until an image was there, waiting for its turn included, by kind and by outcome: hit (in the cache), drawn, failed.");

    private static readonly Counter<long> UnattendedFailures = Telemetry.Meter.CreateCounter<long>(
        "cnnservice.render.unattended_failures", "{drawing}", "Drawings that failed after their callers had been told to ask again.");

    /// <summary>Counts a rendering that failed when no client waited for it any more.</summary>
    public static void CountUnattendedFailure() => UnattendedFailures.Add(1);

    /// <summary>Measures the duration of <paramref name="render"/>; cancelled calls are not recorded.</summary>
    /// <param name="kind">One of the constants of this class.</param>
    /// <param name="render">Returns the result and how it was obtained; an exception counts as a failure.</param>
    internal static T Measure<T>(string kind, Func<(T Result, RenderOutcome End)> render)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var (result, end) = render();
            Record(kind, end, started);
            return result;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Record(kind, RenderOutcome.Failed, started);
            throw;
        }
    }

    /// <inheritdoc cref="Measure{T}"/>
    internal static async Task<T> MeasureAsync<T>(string kind, Func<Task<(T Result, RenderOutcome End)>> render)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var (result, end) = await render();
            Record(kind, end, started);
            return result;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Record(kind, RenderOutcome.Failed, started);
            throw;
        }
    }

    private static void Record(string kind, RenderOutcome end, long started) => Durations.Record(
        Stopwatch.GetElapsedTime(started).TotalSeconds, new("kind", kind), new KeyValuePair<string, object?>("outcome", end.ToWireName()));
}

/// <summary>Outcome of rendering an image.</summary>
internal enum RenderOutcome
{
    /// <summary>The image was in the cache.</summary>
    Hit,
    Drawn,
    Failed,
}
