namespace CnnService.Web.Api.Security;

/// <summary>Identifies the client of a request.</summary>
internal static class Caller
{
    /// <summary>The client's name if no keys are configured: any local process.</summary>
    public const string Loopback = "loopback";

    /// <summary>The name of the API key that the request was sent with; not secret.</summary>
    public static string Identify(HttpContext http) => http.User.Identity?.Name ?? Loopback;
}
