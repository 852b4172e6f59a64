using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting.Security;

/// <summary>Registers keys, scopes and the rule that an endpoint which names no scope is closed.</summary>
internal static class AccessServices
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>().AddSingleton<KeyRing>();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireClaim(Scopes.Claim, scope, Scopes.Admin));
        }

        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder(ApiKeyHandler.SchemeName)
            .RequireAuthenticatedUser().RequireAssertion(IsNoEndpointOfOurs).Build());
        return services;
    }

    /// <summary>An endpoint without a policy is a mistake and stays closed; what routing itself answers (404, 405, 415) goes through.</summary>
    private static bool IsNoEndpointOfOurs(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}
