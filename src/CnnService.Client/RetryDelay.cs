using System.Globalization;

namespace CnnService.Client;

/// <summary>Reads the header Retry-After, which is a number of seconds or a date.</summary>
internal static class RetryDelay
{
    private const string Header = "Retry-After";

    /// <summary>The seconds of the header; null where it is missing or a date.</summary>
    public static TimeSpan? Read(IReadOnlyDictionary<string, IEnumerable<string>> headers) =>
        headers.TryGetValue(Header, out var values)
        && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>How long to wait from now; null where the answer does not say.</summary>
    public static TimeSpan? Read(HttpResponseMessage answer, DateTimeOffset now) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
