using System.Net;
using CnnService.Client;

namespace CnnService.Studio.Service;

/// <summary>What went wrong, in a sentence, and what a person can do about it.</summary>
/// <param name="Sentence">As the service tells it.</param>
/// <param name="Advice">What to do; null where the sentence says it.</param>
/// <param name="Errors">Rules that fields of the request break.</param>
/// <param name="Code">A stable word for programs, and the id under which the service logged the request; null where there is none.</param>
internal sealed record ProblemText(
    string Sentence, string? Advice, IReadOnlyDictionary<string, IReadOnlyList<string>> Errors, string? Code)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> None = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whether an exception is one that a page shows instead of breaking.</summary>
    public static bool IsExpected(Exception failure) => failure is CnnServiceException or HttpRequestException or IOException;

    public static ProblemText From(Exception failure) => failure switch
    {
        CnnServiceException told => new(
            told.Problem?.Detail ?? told.Problem?.Title ?? told.Message, AdviceFor(told), told.Errors, CodeOf(told)),
        HttpRequestException => new(
            "The service does not answer.", "It may be starting again, or the connection is broken. Try again in a moment.", None, null),
        _ => new(failure.Message, null, None, null),
    };

    private static string? AdviceFor(CnnServiceException told) => (HttpStatusCode)told.StatusCode switch
    {
        HttpStatusCode.Unauthorized => "Sign in with a key of this service.",
        HttpStatusCode.Forbidden => "Sign in with a key that may do this, or ask who runs the service for one.",
        HttpStatusCode.NotFound => "It may have been deleted or renamed.",
        HttpStatusCode.RequestEntityTooLarge => "Send less at once, or have the service's limit raised (Limits in its settings).",
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => told.RetryAfter is { } wait
            ? $"Try again in {Words.Duration(wait)}." : "Try again in a moment.",
        HttpStatusCode.InsufficientStorage => "Delete data sets, runs or versions that are no longer needed.",
        >= HttpStatusCode.InternalServerError => "Try again. If it stays, the service's log tells more under the request's id.",
        _ => null,
    };

    private static string? CodeOf(CnnServiceException told) =>
        told.Code is { } code ? told.RequestId is { } id ? $"{code} · {id}" : code : null;
}
