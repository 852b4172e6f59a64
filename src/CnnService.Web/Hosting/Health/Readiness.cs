namespace CnnService.Web.Hosting.Health;

/// <summary>Asks all checks at once, each within a time limit; a service that is stopping is not ready.</summary>
internal sealed class Readiness(IEnumerable<IReadinessCheck> checks, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task<ReadinessReport> ReportAsync(CancellationToken cancel)
    {
        var results = await Task.WhenAll(checks.Select(check => RunAsync(check, cancel)));
        var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
        return new(!isStopping && results.All(result => result.Fault is null), isStopping, results);
    }

    private static async Task<ReadinessResult> RunAsync(IReadinessCheck check, CancellationToken cancel)
    {
        try
        {
            return new(check.Name, await check.FaultAsync(cancel).WaitAsync(Limit, cancel));
        }
        catch (TimeoutException)
        {
            return new(check.Name, $"No answer within {Limit.TotalSeconds} s.");
        }
        catch (StoreUnavailableException failure)
        {
            return new(check.Name, failure.Message);
        }
    }
}

/// <param name="Ready">The service takes work.</param>
/// <param name="Stopping">It is shutting down.</param>
/// <param name="Checks">What was looked at.</param>
internal sealed record ReadinessReport(bool Ready, bool Stopping, IReadOnlyList<ReadinessResult> Checks);

/// <param name="Name">What was looked at.</param>
/// <param name="Fault">What is wrong with it; null: nothing.</param>
internal sealed record ReadinessResult(string Name, string? Fault);
