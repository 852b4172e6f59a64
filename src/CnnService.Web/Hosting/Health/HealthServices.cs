namespace CnnService.Web.Hosting.Health;

/// <summary>Registers what readiness looks at; the database adds a check of its own.</summary>
internal static class HealthServices
{
    public static IServiceCollection AddReadiness(this IServiceCollection services)
    {
        services.AddOptions<DiskOptions>().BindConfiguration(DiskOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<IReadinessCheck, DataDirectoryCheck>()
            .AddSingleton<IReadinessCheck, DiskCheck>()
            .AddSingleton<IReadinessCheck, TorchCheck>()
            .AddSingleton<Readiness>();
    }
}
