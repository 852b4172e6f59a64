using CnnService.Web.Api.Audit;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Api;

/// <summary>The services and the middleware shared by all routes; the middleware in pipeline order.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration, DataFolders folders)
    {
        services.AddErrorResponses();
        services.AddRequestIds();
        services.AddCompressedBodies();
        services.AddSecurity(configuration, folders);
        return services.AddApiDocs();
    }

    public static void UseApi(this IApplicationBuilder app)
    {
        app.UseErrorResponses();
        app.UseRequestGuard();
        app.UseApiPages();
        app.UseSecurity();
        app.UseMiddleware<AuditTrail>();
        app.UseCompressedBodies();
        app.UseParameterValidation();
    }
}
