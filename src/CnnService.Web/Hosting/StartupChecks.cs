using CnnService.Web.Artifacts;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CnnService.Web.Hosting;

/// <summary>Conditions that must hold before the service listens.</summary>
internal static class StartupChecks
{
    /// <summary>What the host filter takes for every host, also among others.</summary>
    private static readonly string[] AnyHost = ["*", "0.0.0.0", "[::]"];

    /// <summary>
    /// Without API keys the service may listen on loopback addresses only; with keys, <c>AllowedHosts</c> must name its hosts. gRPC is
    /// served on loopback only.
    /// </summary>
    /// <exception cref="StartRefusedException">A condition does not hold; the message says what to change.</exception>
    public static void Check(WebApplication app)
    {
        var configuration = app.Configuration;
        var roles = app.Services.GetRequiredService<RoleOptions>();
        if (!(roles.IsApi && roles.IsWorker) && string.IsNullOrEmpty(configuration.GetConnectionString("Postgres")))
        {
            throw new StartRefusedException(
                "Split roles (Host:Roles) need PostgreSQL: set ConnectionStrings:Postgres, and share the data directory.");
        }

        if (app.Services.GetService<GrpcAddress>()?.Refusal is { } refusal)
        {
            throw new StartRefusedException(refusal);
        }

        if (SecurityServices.HasKeys(configuration))
        {
            var hosts = (configuration["AllowedHosts"] ?? string.Empty).Split(
                ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (hosts.Length == 0 || hosts.Intersect(AnyHost).Any())
            {
                throw new StartRefusedException(
                    $"With Auth:Keys set, AllowedHosts must name the hosts the service answers for, such as AllowedHosts=cnn.example.org, "
                    + $"and none that stands for all ({string.Join(", ", AnyHost)}); received '{configuration["AllowedHosts"]}'.");
            }

            return;
        }

        var urls = app.Urls.Count > 0
            ? app.Urls
            : app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var configured = (configuration["urls"] ?? configuration["ASPNETCORE_URLS"] ?? string.Empty).Split(';',
            StringSplitOptions.RemoveEmptyEntries);
        var ports = string.Concat(configuration["http_ports"], configuration["https_ports"]);
        if (urls.Concat(configured).FirstOrDefault(url => !IsLoopback(url)) is { } open)
        {
            throw new StartRefusedException(
                $"Without a key (Auth:Keys) the service listens on loopback only; "
                + $"'{open}' is not. Make a key with 'cnn key new', or use http://localhost:5000.");
        }

        if (ports.Length > 0 && configured.Length == 0)
        {
            throw new StartRefusedException(
                "Without a key (Auth:Keys) the service listens on loopback only; HTTP_PORTS opens all addresses. Make a key with 'cnn "
                + "key new', or set urls to a loopback address.");
        }

        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]);
        if (endpoints.FirstOrDefault(url => url is not null && !IsLoopback(url)) is { } endpointUrl)
        {
            throw new StartRefusedException(
                $"Without a key (Auth:Keys) the service listens on loopback only; Kestrel's endpoint '{endpointUrl}' is not.");
        }
    }

    private static bool IsLoopback(string url) => GrpcAddress.IsLoopback(BindingAddress.Parse(url).Host);
}
