using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Responses for work that may take longer than the client waits: the work continues, and repeating the request returns its result.
/// </summary>
internal static class AcceptedOrCompleted
{
    private const string RetryAfterSeconds = "2";

    /// <summary>202 with Retry-After if the wait ends before the work; null if the work is done.</summary>
    /// <param name="http">The request.</param>
    /// <param name="work">Running work, not cancelled when the request ends.</param>
    /// <param name="patience">How long the client waits.</param>
    /// <param name="pending">The body of the 202 response.</param>
    public static async Task<IResult?> PendingAsync<TWork, TPending>(
        HttpContext http, Task<Outcome<TWork>> work, TimeSpan patience, TPending pending)
    {
        if (await Task.WhenAny(work, Task.Delay(patience, http.RequestAborted)) == work)
        {
            return null;
        }

        return Pending(http, pending);
    }

    /// <summary>202 with Retry-After and the location of the same request.</summary>
    public static IResult Pending<TPending>(HttpContext http, TPending pending)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return TypedResults.Accepted(http.Request.Path + http.Request.QueryString, pending);
    }
}
