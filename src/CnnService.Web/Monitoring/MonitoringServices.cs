namespace CnnService.Web.Monitoring;

/// <summary>Registers what is done behind the answers.</summary>
internal static class MonitoringServices
{
    public static IServiceCollection AddWatching(this IServiceCollection services)
    {
        services.AddOptions<MonitoringOptions>().BindConfiguration(MonitoringOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<MonitoringSettings>()
            .AddSingleton<ShadowTraffic>()
            .AddSingleton<CaptureTraffic>()
            .AddSingleton<Baselines>()
            .AddSingleton<PredictionObservers>()
            .AddSingleton<LabelLock>()
            .AddHostedService<MonitoringFlush>() // First: hosted services end in the opposite order, and it writes what the others counted.
            .AddHostedService(provider => provider.GetRequiredService<ShadowTraffic>())
            .AddHostedService(provider => provider.GetRequiredService<CaptureTraffic>());
    }
}
