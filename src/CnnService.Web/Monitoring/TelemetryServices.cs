using System.Diagnostics.Metrics;
using CnnService.Core.Common;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CnnService.Web.Monitoring;

/// <summary>
/// Metrics at /metrics for Prometheus; traces over OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, which the other standard
/// variables configure. A request's span has its method, route and status.
/// </summary>
internal static class TelemetryServices
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly double[] Seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

    /// <summary>Buckets from a cached image to a sheet of patterns.</summary>
    private static readonly double[] DrawingSeconds = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 20, 60, 300];

    private static readonly double[] Images = [1, 2, 4, 8, 16, 32, 64, 128];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<StoreGauges>();
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("cnnservice"));
        telemetry.WithMetrics(metrics => metrics
            .AddMeter(Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddView("cnnservice.classify.stage.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
            .AddView("cnnservice.classify.batch.size", new ExplicitBucketHistogramConfiguration { Boundaries = Images })
            .AddView("cnnservice.render.duration", new ExplicitBucketHistogramConfiguration { Boundaries = DrawingSeconds })
            .AddPrometheusExporter());
        services.ConfigureOpenTelemetryMeterProvider(
            (provider, metrics) => metrics.AddView(OnlyOf(provider.GetRequiredService<IMeterFactory>())));
        if (!string.IsNullOrEmpty(configuration[Endpoint]))
        {
            telemetry.WithTracing(traces => traces.AddSource(Telemetry.Name).AddAspNetCoreInstrumentation().AddOtlpExporter());
        }

        return services;
    }

    public static void MapTelemetry(this IEndpointRouteBuilder routes) => routes
        .MapPrometheusScrapingEndpoint("/metrics", meterProvider: null, scrape => scrape.Use(RefreshAsync), optionsName: null)
        .RequireAuthorization(Scopes.Read).WithMetadata(new ExcludeFromDescriptionAttribute());

    private static async Task RefreshAsync(HttpContext http, RequestDelegate onward)
    {
        await http.RequestServices.GetRequiredService<StoreGauges>().RefreshAsync(http.RequestAborted);
        await onward(http);
    }

    /// <summary>Keeps the metrics of two services in one process apart.</summary>
    private static Func<Instrument, MetricStreamConfiguration?> OnlyOf(IMeterFactory own) =>
        instrument => instrument.Meter.Scope is IMeterFactory other && other != own ? MetricStreamConfiguration.Drop : null;
}
