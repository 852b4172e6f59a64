using CnnService.Core.Common;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CnnService.Web.Hosting;

/// <summary>
/// Measures at /metrics for Prometheus; traces over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to, with the standard variables
/// besides.
/// </summary>
internal static class TelemetryServices
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly double[] Seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

    private static readonly double[] Pictures = [1, 2, 4, 8, 16, 32, 64, 128];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("cnnservice"));
        telemetry.WithMetrics(metrics => metrics
            .AddMeter(Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddView("cnnservice.classify.stage.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
            .AddView("cnnservice.classify.batch.size", new ExplicitBucketHistogramConfiguration { Boundaries = Pictures })
            .AddPrometheusExporter());
        if (!string.IsNullOrEmpty(configuration[Endpoint]))
        {
            telemetry.WithTracing(traces => traces.AddSource(Telemetry.Name, "Microsoft.AspNetCore").AddOtlpExporter());
        }

        return services;
    }

    public static void MapTelemetry(this IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(Scopes.Read).WithMetadata(new ExcludeFromDescriptionAttribute());
}
