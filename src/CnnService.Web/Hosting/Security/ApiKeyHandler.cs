using System.Security.Claims;
using System.Text.Encodings.Web;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting.Security;

/// <summary>
/// Tells who calls by <c>X-Api-Key</c> or <c>Authorization: Bearer</c>; keys in the URL are not read. Where no key is configured
/// the caller is on this machine (<see cref="LoopbackGuard"/>) and has every scope.
/// </summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    public const string Header = "X-Api-Key";

    private const string BearerPrefix = "Bearer ";

    private const string WithoutKey = "local";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        var problem = Presented() is null
            ? new Problem(ProblemKind.Unauthorized, "auth.required", $"A key is needed, in the header {Header} or as Authorization: Bearer.")
            : new Problem(ProblemKind.Unauthorized, "auth.invalid", "The key is not among the configured ones.");
        return problem.ToResult().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        new Problem(ProblemKind.Forbidden, "auth.scope", $"The key '{Context.User.Identity?.Name}' does not have the scope this needs.")
            .ToResult().ExecuteAsync(Context);

    private AuthenticateResult Authenticate()
    {
        if (keys.IsEmpty)
        {
            return Accept(WithoutKey, [Scopes.Admin]);
        }

        return Presented() switch
        {
            null => AuthenticateResult.NoResult(),
            { } presented when keys.Find(presented) is { } key => Accept(key.Name, key.Scopes),
            _ => AuthenticateResult.Fail("unknown key"),
        };
    }

    private static AuthenticateResult Accept(string name, IEnumerable<string> scopes)
    {
        Claim[] claims = [new(ClaimTypes.Name, name), .. scopes.Select(scope => new Claim(Scopes.Claim, scope))];
        return AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName)), SchemeName));
    }

    private string? Presented()
    {
        if (Request.Headers[Header] is [{ Length: > 0 } key])
        {
            return key;
        }

        return Request.Headers.Authorization is [{ } text] && text.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? text[BearerPrefix.Length..].Trim()
            : null;
    }
}
