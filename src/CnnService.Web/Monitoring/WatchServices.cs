namespace CnnService.Web.Monitoring;

/// <summary>Registers what is done behind the answers.</summary>
internal static class WatchServices
{
    public static IServiceCollection AddWatching(this IServiceCollection services)
    {
        services.AddOptions<WatchOptions>().BindConfiguration(WatchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<WatchSettings>()
            .AddSingleton<ShadowTraffic>()
            .AddSingleton<CaptureTraffic>()
            .AddSingleton<Baselines>()
            .AddSingleton<PictureWatch>()
            .AddSingleton<LabelTurn>()
            .AddHostedService<WatchKeeper>() // First: hosted services end in the opposite order, and it writes what the others counted.
            .AddHostedService(provider => provider.GetRequiredService<ShadowTraffic>())
            .AddHostedService(provider => provider.GetRequiredService<CaptureTraffic>());
    }
}
