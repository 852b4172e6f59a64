using CnnService.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of the client.</summary>
public static class CnnServiceClientServices
{
    /// <summary>Adds <see cref="CnnServiceClient"/> and <see cref="ICnnServiceClient"/> as typed clients of HTTP.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="connection">Where the service is.</param>
    /// <returns>For further settings, such as handlers of one's own.</returns>
    public static IHttpClientBuilder AddCnnServiceClient(this IServiceCollection services, CnnServiceConnection connection)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(connection);
        services.AddTransient<ICnnServiceClient>(provider => provider.GetRequiredService<CnnServiceClient>());
        return services.AddHttpClient(nameof(CnnServiceClient), connection.Apply)
            .AddTypedClient(http => new CnnServiceClient(http) { PollInterval = connection.PollInterval })
            .AddHttpMessageHandler(() => new RetryHandler(connection));
    }
}
