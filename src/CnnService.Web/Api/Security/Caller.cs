namespace CnnService.Web.Api.Security;

/// <summary>Who sends a request.</summary>
internal static class Caller
{
    /// <summary>Where no keys are configured: whoever reaches the loopback address.</summary>
    public const string Loopback = "loopback";

    /// <summary>The name of the key that a request was sent with; no secret.</summary>
    public static string Of(HttpContext http) => http.User.Identity?.Name ?? Loopback;
}
