using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Requests;

/// <summary>The header Idempotency-Key.</summary>
internal static class IdempotencyKey
{
    /// <summary>
    /// The key; empty if none was sent. Problems: <c>idempotency.key-too-long</c>, and <c>request.invalid</c> for two keys or other
    /// characters than visible ASCII.
    /// </summary>
    public static Outcome<string> Read(HttpRequest http)
    {
        var sent = http.Headers[IdempotencyStore.Header];
        var key = sent.Count == 1 ? sent[0] ?? string.Empty : string.Empty;
        return sent.Count > 1 ? Problem.Invalid("request.invalid", $"{IdempotencyStore.Header} must be given once, received {sent.Count}.")
            : key.Length > IdempotencyStore.MaxKeyLength
                ? Problem.Invalid("idempotency.key-too-long",
                    $"An {IdempotencyStore.Header} may have {IdempotencyStore.MaxKeyLength} characters, received {key.Length}.")
            : key.Any(letter => letter is < '!' or > '~')
                ? Problem.Invalid("request.invalid", $"{IdempotencyStore.Header} must have visible ASCII characters only.")
            : key;
    }
}
