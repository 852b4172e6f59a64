using CnnService.Web.Artifacts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HostFiltering;

namespace CnnService.Web.Api.Security;

/// <summary>
/// Secure by default: every route requires a scope, foreign hosts and cross-site requests are rejected, keys are rate limited.
/// </summary>
internal static class SecurityServices
{
    public static IServiceCollection AddSecurity(this IServiceCollection services, IConfiguration configuration, DataFolders folders)
    {
        services.AddDataProtection().SetApplicationName("CnnService").PersistKeysToFileSystem(new DirectoryInfo(folders.Keys));
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UnknownKeys>();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorization(authorization =>
        {
            foreach (var scope in Scopes.All)
            {
                authorization.AddPolicy(scope, policy => policy.RequireAssertion(context => ApiKeyHandler.HasScope(context.User, scope)));
            }

            authorization.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(IsNoRoute).Build();
        });
        if (!HasKeys(configuration))
        {
            services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        }

        services.Configure<HostFilteringOptions>(hosts => hosts.IncludeFailureMessage = false);

        return services.AddRateLimits();
    }

    public static IApplicationBuilder UseSecurity(this IApplicationBuilder app) => app
        .UseRouting()
        .UseAuthentication()
        .UseAuthorization()
        .UseRateLimiter();

    public static IApplicationBuilder UseRequestGuard(this IApplicationBuilder app) => app.UseMiddleware<RequestGuard>();

    public static bool HasKeys(IConfiguration configuration) =>
        configuration.GetSection($"{AuthOptions.Section}:{nameof(AuthOptions.Keys)}").GetChildren().Any();

    /// <summary>
    /// A route without a scope is accessible to nobody; a request that matches no route gets the status of routing (404, 405, 415).
    /// </summary>
    private static bool IsNoRoute(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}
