namespace CnnService.Client;

/// <summary>An answer of the service that is no success, with the problem it tells (RFC 9457).</summary>
public class CnnServiceException : Exception
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> None = new Dictionary<string, IReadOnlyList<string>>();

    /// <param name="message">What happened, where the service tells no problem.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body, where it was read as text.</param>
    /// <param name="headers">Those of the answer and of its body.</param>
    /// <param name="innerException">Why the answer could not be read; null if it could.</param>
    public CnnServiceException(
        string message, int statusCode, string? response, IReadOnlyDictionary<string, IEnumerable<string>> headers,
        Exception? innerException)
        : this(message, statusCode, (ProblemDetails?)null, headers, innerException)
    {
        Response = response;
    }

    private protected CnnServiceException(
        string message, int statusCode, ProblemDetails? problem, IReadOnlyDictionary<string, IEnumerable<string>> headers,
        Exception? innerException)
        : base(Sentence(message, statusCode, problem), innerException)
    {
        StatusCode = statusCode;
        Headers = new Dictionary<string, IEnumerable<string>>(headers, StringComparer.OrdinalIgnoreCase);
        Problem = problem;
        Errors = problem?.Errors?.ToDictionary(error => error.Key, error => (IReadOnlyList<string>)[.. error.Value]) ?? None;
        RetryAfter = RetryDelay.Read(Headers);
    }

    /// <summary>The HTTP status: 404.</summary>
    public int StatusCode { get; }

    /// <summary>The body as text, where it is no problem that the API declares; else null.</summary>
    public string? Response { get; }

    /// <summary>The headers of the answer and of its body, found in any case.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; }

    /// <summary>The problem as the service tells it; null where it tells none, as a proxy's answer.</summary>
    public ProblemDetails? Problem { get; }

    /// <summary>What is wrong, as a stable word for programs: <c>dataset.not-found</c>; null where the service tells none.</summary>
    public string? Code => Problem?.Code;

    /// <summary>
    /// Every rule that the request breaks, by field or parameter (<c>architecture.layers[3].kernelSize</c>); may be empty.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; }

    /// <summary>The id under which the service logged the request; null where it tells none.</summary>
    public string? RequestId => Problem?.RequestId;

    /// <summary>How long the service asks to wait before the request is repeated; null where it does not ask.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string Sentence(string message, int statusCode, ProblemDetails? problem)
    {
        var sentence = problem?.Detail ?? problem?.Title ?? message;
        var what = problem?.Code is { } code ? $"{code}: {sentence}" : sentence;
        var rules = problem?.Errors?.SelectMany(error => error.Value.Select(rule => $"\n{error.Key} {rule}")) ?? [];
        return $"{statusCode} {what}{string.Concat(rules)}";
    }
}
