using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Security;

/// <summary>
/// Authenticates clients by API key (<c>X-Api-Key</c> or <c>Authorization: Bearer</c>), comparing hashes in constant time. Browsers, which
/// cannot send these for a page, send the key as the password of <c>Authorization: Basic</c> to the job pages, and only there. If no keys
/// are configured, every client, necessarily local, has all scopes.
/// </summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<AuthOptions> auth,
    UnknownKeys unknown)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    public const string HeaderName = "X-Api-Key";

    private const string ScopeClaim = "scope";
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";
    private const string BasicChallenge = "Basic realm=\"CnnService jobs: any name, with a key as the password\", charset=\"UTF-8\"";

    private Problem? _refused; // A handler lives for one request.

    private bool IsForBrowsers => Request.Path.StartsWithSegments(ServicePages.Jobs);

    public static bool HasScope(ClaimsPrincipal caller, string scope) => caller.HasClaim(ScopeClaim, scope);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var keys = auth.Value.Keys;
        if (keys.Count == 0)
        {
            return Task.FromResult(Success(Caller.Loopback, Scopes.All));
        }

        if (ReadKey() is not { Length: > 0 } presented)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        ApiKey? match = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(key.Sha256)))
            {
                match = key;
            }
        }

        if (match is not null)
        {
            return Task.FromResult(Success(match.Name, match.Scopes.SelectMany(Scopes.Implied)));
        }

        _refused = unknown.Count(Context.Connection.RemoteIpAddress);
        return Task.FromResult(AuthenticateResult.Fail("The key is not known."));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_refused is { } tooMany)
        {
            return tooMany.ToResult().ExecuteAsync(Context);
        }

        Response.Headers.WWWAuthenticate = IsForBrowsers ? BasicChallenge : Bearer.Trim();
        return new Problem(ProblemKind.Unauthorized, "auth.required", $"This needs a key, in {HeaderName} or as a bearer token.")
            .ToResult().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scopes = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>()
            .Where(scope => !HasScope(Context.User, scope)) ?? [];
        return new Problem(ProblemKind.Forbidden, "auth.forbidden",
            $"The key does not have the scope this needs: {string.Join(", ", scopes)}.")
            .ToResult().ExecuteAsync(Context);
    }

    private string? ReadKey()
    {
        var header = Request.Headers[HeaderName].ToString();
        var authorization = Request.Headers.Authorization.ToString();
        return header.Length > 0 ? header
            : authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim()
            : IsForBrowsers && authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
                ? PasswordOf(authorization[Basic.Length..].Trim())
            : null;
    }

    /// <summary>What follows the first colon, by RFC 7617; null if it cannot be read.</summary>
    private static string? PasswordOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        return Convert.TryFromBase64String(credentials, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password]
                ? password
                : null;
    }

    private static AuthenticateResult Success(string name, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, name), .. scopes.Distinct().Select(scope => new Claim(ScopeClaim, scope))], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
