namespace CnnService.Web.Api.Requests;

/// <summary>
/// Responses for work that may take longer than the client waits: the work continues, and repeating the request returns its result.
/// </summary>
internal static class AcceptedOrCompleted
{
    private const string RetryAfterSeconds = "2";

    /// <summary>202 with Retry-After and the location of the same request.</summary>
    public static IResult Pending<TPending>(HttpContext http, TPending pending)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return TypedResults.Accepted(http.Request.Path + http.Request.QueryString, pending);
    }
}
