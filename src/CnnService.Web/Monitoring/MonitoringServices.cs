namespace CnnService.Web.Monitoring;

/// <summary>Registers shadow traffic, capture and drift baselines.</summary>
internal static class MonitoringServices
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.AddOptions<MonitoringOptions>().BindConfiguration(MonitoringOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<MonitoringSettings>()
            .AddSingleton<ShadowTraffic>()
            .AddSingleton<CaptureTraffic>()
            .AddSingleton<Baselines>()
            .AddSingleton<PredictionObservers>()
            .AddSingleton<LabelLock>()
            .AddHostedService<MonitoringFlush>() // First: hosted services stop in reverse order, and it stores the others' counts.
            .AddHostedService(provider => provider.GetRequiredService<ShadowTraffic>())
            .AddHostedService(provider => provider.GetRequiredService<CaptureTraffic>());
    }
}
