namespace CnnService.Client;

/// <summary>Where the service is, and how it is called.</summary>
public sealed record CnnServiceConnection
{
    /// <summary>The service's address: <c>http://127.0.0.1:5000</c>. A path is kept, for services behind a proxy.</summary>
    public required Uri Address { get; init; }

    /// <summary>Sent as <c>X-Api-Key</c>; null: none, which a service without keys takes from its own machine only.</summary>
    public string? ApiKey { get; init; }

    /// <summary>How often a request is sent at most, from 1 (never repeated); default 5.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait before a repetition where the service names none; doubled each time. Default half a second.</summary>
    public TimeSpan ShortestWait { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest wait before a repetition; if the service asks for more, its answer is given at once. Default 30 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often progress is asked for while waiting for background work; default every second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Prepares a client of HTTP for this service.</summary>
    /// <exception cref="InvalidOperationException">The address is no absolute http or https address.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Apply(HttpClient http)
    {
        if (!Address.IsAbsoluteUri || Address.Scheme is not ("http" or "https"))
        {
            throw new InvalidOperationException($"Address must be an absolute http or https address, received '{Address}'.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShortestWait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PollInterval, TimeSpan.Zero);
        http.BaseAddress = new Uri(Address.AbsoluteUri.TrimEnd('/') + "/");
        http.Timeout = Timeout.InfiniteTimeSpan; // Uploads and drawings take their time; calls are ended by their cancellation tokens.
        if (ApiKey is { } key)
        {
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
        }
    }
}
