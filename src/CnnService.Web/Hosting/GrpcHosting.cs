using CnnService.Core.Common;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CnnService.Web.Hosting;

/// <summary>
/// Lets the service listen on the address for gRPC, where one is set, and keeps the two protocols apart: neither answers on the other's
/// address. Without the setting nothing is registered.
/// </summary>
internal static class GrpcHosting
{
    private const string Urls = "urls";
    private const string HttpPorts = "http_ports";
    private const string HttpsPorts = "https_ports";
    private const string Endpoints = "Kestrel:Endpoints";
    private const string DefaultUrl = "http://localhost:5000";

    public static WebApplicationBuilder AddGrpcAddress(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        string[] endpoints = [.. settings.GetSection(Endpoints).GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()];
        string[] urls = endpoints.Length > 0 ? endpoints : UrlsOf(settings);
        if (GrpcAddress.Read(settings, urls) is not { } address)
        {
            return builder;
        }

        builder.Services.AddSingleton(address); // A refused one too: the checks of the start tell it.
        if (address.Refusal is null)
        {
            Listen(builder, address, endpoints.Length > 0 ? null : urls);
        }

        return builder;
    }

    /// <summary>Refuses on the address for gRPC what is no call of it, before any other part of the pipeline sees it.</summary>
    public static void UseGrpcAddress(this WebApplication app)
    {
        if (app.Services.GetService<GrpcAddress>() is { } address)
        {
            app.Use((HttpContext http, RequestDelegate next) => address.Owns(http.Connection) && !GrpcErrors.AppliesTo(http.Request)
                ? new Problem(ProblemKind.UnsupportedMedia, "request.grpc-only", "This address speaks gRPC and nothing else.")
                    .ToResult().ExecuteAsync(http)
                : next(http));
        }
    }

    /// <param name="builder">The service.</param>
    /// <param name="address">The address for gRPC.</param>
    /// <param name="urls">The addresses for HTTP; null if they are endpoints of Kestrel's configuration, which leave no other.</param>
    private static void Listen(WebApplicationBuilder builder, GrpcAddress address, string[]? urls)
    {
        if (urls is null)
        {
            builder.Configuration[$"{Endpoints}:GrpcUrl:Url"] = address.Url;
        }
        else
        {
            builder.Configuration[Urls] = string.Join(';', urls.Append(address.Url));
            builder.Configuration[HttpPorts] = null; // They are among the addresses now.
            builder.Configuration[HttpsPorts] = null;
        }

        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(listen =>
        {
            if (listen.IPEndPoint?.Port == address.Port)
            {
                listen.Protocols = HttpProtocols.Http2; // There is no TLS to agree on it by.
            }
        }));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, GrpcRoutePolicy>());
    }

    /// <summary>As the server chooses them: addresses before ports before its default.</summary>
    private static string[] UrlsOf(ConfigurationManager settings)
    {
        string[] urls = Split(settings[Urls]);
        string[] ports =
        [
            .. Split(settings[HttpPorts]).Select(port => $"http://*:{port}"),
            .. Split(settings[HttpsPorts]).Select(port => $"https://*:{port}"),
        ];
        return urls.Length > 0 ? urls : ports.Length > 0 ? ports : [DefaultUrl];
    }

    private static string[] Split(string? list) =>
        (list ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
