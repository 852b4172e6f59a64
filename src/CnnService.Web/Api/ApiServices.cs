using CnnService.Web.Artifacts;

namespace CnnService.Web.Api;

/// <summary>What every route shares, in the order in which a request meets it.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration, DataFolders folders)
    {
        services.AddErrorAnswers();
        services.AddRequestIds();
        services.AddSecurity(configuration, folders);
        return services.AddApiDocs();
    }

    public static void UseApi(this IApplicationBuilder app)
    {
        app.UseErrorAnswers();
        app.UseRequestGuard();
        app.UseApiPages();
        app.UseSecurity();
        app.UseParameterReading();
    }
}
