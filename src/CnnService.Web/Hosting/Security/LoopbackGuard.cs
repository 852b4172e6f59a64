using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CnnService.Web.Hosting.Security;

/// <summary>
/// Holds the promise "without a key, this machine only": no address but loopback is bound, whichever setting names it, and
/// only loopback host names are answered, so that a web page cannot come in by a name of its own that resolves here.
/// </summary>
internal static class LoopbackGuard
{
    private static readonly string[] LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    public static IServiceCollection AddLoopbackGuard(this IServiceCollection services, IConfiguration configuration)
    {
        if (AuthOptions.Read(configuration).HasKeys)
        {
            RequireHosts(configuration);
            return services;
        }

        services.PostConfigure<HostFilteringOptions>(options => options.AllowedHosts = LoopbackHosts);
        return services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(RequireLoopback));
    }

    /// <summary>With keys the service is meant for others, and has to be told under which names.</summary>
    private static void RequireHosts(IConfiguration configuration)
    {
        if (configuration["AllowedHosts"] is null or "" or "*")
        {
            throw new StartRefusedException(
                "with Auth:Keys, AllowedHosts must name the hosts this service answers for, such as --AllowedHosts=\"cnn.example;localhost\".");
        }
    }

    private static void RequireLoopback(ListenOptions endpoint)
    {
        if (endpoint.IPEndPoint is { } address && !IPAddress.IsLoopback(address.Address))
        {
            throw new StartRefusedException(
                $"without a key in Auth:Keys it listens on loopback only, received the address {address}. "
                + "Configure a key, or listen on http://localhost:5000.");
        }
    }
}
