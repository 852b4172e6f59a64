using CnnService.Client;
using CnnService.Studio.Sending;
using CnnService.Studio.Theming;

namespace CnnService.Studio.Service;

/// <summary>The service as the page sees it: through the client that any program would use.</summary>
internal static class ServiceServices
{
    /// <param name="services">The page's services.</param>
    /// <param name="page">The address of the page, one level below the service's.</param>
    public static IServiceCollection AddService(this IServiceCollection services, Uri page) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(new ServiceAddress(new Uri(page, "..")))
        .AddScoped<KeyStore>()
        .AddScoped<Rights>()
        .AddScoped<ThemeChoice>()
        .AddScoped<Transfers>()
        .AddScoped(provider => CnnServiceClient.Connect(
            new CnnServiceConnection
            {
                Address = provider.GetRequiredService<ServiceAddress>().Url,
                LongestWait = TimeSpan.FromSeconds(10),
            },
            new KeyHandler(provider.GetRequiredService<KeyStore>()) { InnerHandler = new HttpClientHandler() }))
        .AddScoped<ICnnServiceClient>(provider => provider.GetRequiredService<CnnServiceClient>());
}
