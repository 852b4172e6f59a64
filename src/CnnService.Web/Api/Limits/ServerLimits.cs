using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Api.Limits;

/// <summary>Configures the limits of the Kestrel web server.</summary>
internal static class ServerLimits
{
    public static WebApplicationBuilder AddServerLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>((kestrel, own) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = EncodingOf;
            var limits = kestrel.Limits;
            limits.MaxRequestBodySize = own.Value.JsonBytes;
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

    /// <summary>Null: the usual encoding, UTF-8.</summary>
    private static DigitEncoding? EncodingOf(string header) =>
        header.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? DigitEncoding.Instance : null;
}
