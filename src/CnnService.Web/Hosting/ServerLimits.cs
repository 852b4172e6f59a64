using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CnnService.Web.Hosting;

/// <summary>How much of anything a caller may send.</summary>
internal static class ServerLimits
{
    public const long Json = 10L << 20;

    public const long Classify = 32L << 20;

    public const long Picture = 32L << 20;

    public const long Dataset = 20L << 30;

    public const long Model = 1L << 30;

    public static WebApplicationBuilder AddServerLimits(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            var limits = kestrel.Limits;
            limits.MaxRequestBodySize = Json;
            limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
            limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            limits.MaxConcurrentConnections = 2000;
            limits.MaxConcurrentUpgradedConnections = 200;
            limits.MaxRequestHeadersTotalSize = 16 << 10;
            limits.MaxRequestHeaderCount = 64;
            limits.Http2.MaxStreamsPerConnection = 100;
        });
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(30);
            host.ServicesStopConcurrently = true;
        });
        return builder;
    }
}
