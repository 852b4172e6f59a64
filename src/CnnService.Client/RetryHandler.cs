using System.Net;
using System.Net.Http.Json;

namespace CnnService.Client;

/// <summary>
/// Repeats requests that the service asks to repeat (429 and 503, after the time that Retry-After says), and requests that change nothing
/// and met a broken connection. Gives up after <see cref="CnnServiceConnection.Attempts"/>, and where the wait would be longer than
/// <see cref="CnnServiceConnection.LongestWait"/>: the caller then gets the answer as it is. Bodies that can be read only once, such as
/// streams of uploads, are not repeated.
/// </summary>
/// <param name="connection">How often, and how long.</param>
/// <param name="clock">Times the waits.</param>
public sealed class RetryHandler(CnnServiceConnection connection, TimeProvider clock) : DelegatingHandler
{
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>With the system's clock.</summary>
    /// <param name="connection">How often, and how long.</param>
    public RetryHandler(CnnServiceConnection connection)
        : this(connection, TimeProvider.System)
    {
    }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var isRepeatable = IsRepeatable(request.Content);
        for (var attempt = 1; ; attempt++)
        {
            var mayRepeat = isRepeatable && attempt < connection.Attempts;
            HttpResponseMessage answer;
            try
            {
                answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException) when (mayRepeat && ChangesNothing(request))
            {
                await Task.Delay(Pause(attempt), clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (!mayRepeat || Wait(answer, attempt) is not { } wait || wait > connection.LongestWait)
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the body can be sent again: none, or one that is held in memory.</summary>
    private static bool IsRepeatable(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,
        MultipartContent parts => parts.All(IsRepeatable),
        _ => false,
    };

    /// <summary>Whether the request does the same done once or twice.</summary>
    private static bool ChangesNothing(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Headers.Contains(IdempotencyKey);

    /// <summary>1, 2, 4, … times the shortest wait.</summary>
    private TimeSpan Pause(int attempt) => connection.ShortestWait * Math.Pow(2, attempt - 1);

    /// <summary>How long the service asks to wait; null where the answer is to be given to the caller.</summary>
    private TimeSpan? Wait(HttpResponseMessage answer, int attempt) =>
        answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
            ? RetryDelay.Read(answer, clock.GetUtcNow()) ?? Pause(attempt)
            : null;
}
