using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>Work that may take longer than its caller waits: it goes on, and the same request gives what comes of it.</summary>
internal static class AcceptedOrCompleted
{
    private const string SoonSeconds = "2";

    /// <summary>202 with Retry-After where the patience is over first; null where the work is done.</summary>
    /// <param name="http">The request.</param>
    /// <param name="work">Under way, and not ended by the request's end.</param>
    /// <param name="patience">How long the caller waits.</param>
    /// <param name="pending">What is answered meanwhile.</param>
    public static async Task<IResult?> PendingAsync<TWork, TPending>(HttpContext http, Task<Outcome<TWork>> work, TimeSpan patience, TPending pending)
    {
        if (await Task.WhenAny(work, Task.Delay(patience, http.RequestAborted)) == work)
        {
            return null;
        }

        return Pending(http, pending);
    }

    /// <summary>202 with Retry-After: the same request gives what comes of the work.</summary>
    public static IResult Pending<TPending>(HttpContext http, TPending pending)
    {
        http.Response.Headers.RetryAfter = SoonSeconds;
        return TypedResults.Accepted(http.Request.Path + http.Request.QueryString, pending);
    }
}
