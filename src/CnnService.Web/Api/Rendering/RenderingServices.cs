namespace CnnService.Web.Api.Rendering;

/// <summary>Registers the admission of renderings.</summary>
internal static class RenderingServices
{
    public static IServiceCollection AddRenderings(this IServiceCollection services)
    {
        services.AddOptions<RenderingOptions>().BindConfiguration(RenderingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<Renderings>();
    }
}
