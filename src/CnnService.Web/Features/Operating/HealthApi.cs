using CnnService.Core.Common;
using CnnService.Web.Hosting;
using CnnService.Web.Hosting.Health;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Operating;

/// <summary>What a supervisor asks: is the process alive, does it take work. Open to callers without a key.</summary>
internal static class HealthApi
{
    private static readonly Liveness Live = new("live");

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operating").AllowAnonymous();
        health.MapGet("/live", GetLive).WithName("GetLive").WithSummary("Tells that the process answers.");
        health.MapGet("/ready", GetReadyAsync).WithName("GetReady")
            .WithSummary("Tells whether the service takes work: native libraries, database, data directory, disk; 503 names what is wrong.").ProducesProblems(503);
    }

    private static Ok<Liveness> GetLive() => TypedResults.Ok(Live);

    private static async Task<Results<Ok<ReadinessReport>, ProblemResult>> GetReadyAsync(Readiness readiness, CancellationToken cancel)
    {
        var report = await readiness.ReportAsync(cancel);
        return report.Ready ? TypedResults.Ok(report) : NotReady(report).ToResult();
    }

    private static Problem NotReady(ReadinessReport report) =>
        new(ProblemKind.Unavailable, "service.not-ready", report.Stopping
            ? "The service is shutting down."
            : string.Join(' ', report.Checks.Where(check => check.Fault is not null).Select(check => $"{check.Name}: {check.Fault}")))
        {
            RetryAfter = TimeSpan.FromSeconds(1),
            Data = new Dictionary<string, object?> { ["checks"] = report.Checks },
        };
}

/// <param name="Status">Always <c>live</c>.</param>
internal sealed record Liveness(string Status);
