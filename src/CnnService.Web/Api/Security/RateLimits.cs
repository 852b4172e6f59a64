using System.Threading.RateLimiting;
using CnnService.Core.Common;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Security;

/// <summary>Rate limits per API key. Without keys there is a single local user and no limit.</summary>
internal static class RateLimits
{
    /// <summary>Name of the policy for routes that start trainings.</summary>
    public const string TrainingsPolicy = "trainings";

    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((limiter, limits) => Configure(limiter, limits.Value));
        return services.AddRateLimiter(_ => { });
    }

    /// <summary>
    /// Counts one of several requests that come as one to the pipeline. The problem <c>request.too-many</c>, or null within the limit.
    /// </summary>
    public static Problem? Count(HttpContext http)
    {
        var limiter = http.RequestServices.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter!;
        using var lease = limiter.AttemptAcquire(http);
        return lease.IsAcquired ? null : Refusal(lease, http.RequestServices.GetRequiredService<IOptions<LimitOptions>>().Value);
    }

    private static void Configure(RateLimiterOptions limiter, LimitOptions limits)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (context, cancel) => RefuseAsync(context, limits);
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => Key(http) is not { } key
            ? RateLimitPartition.GetNoLimiter(string.Empty)
            : RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.RequestBurst,
                TokensPerPeriod = limits.RequestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
        limiter.AddPolicy(TrainingsPolicy, http => Key(http) is not { } key
            ? RateLimitPartition.GetNoLimiter(string.Empty)
            : RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.TrainingsPerMinute,
                Window = TimeSpan.FromMinutes(1),
                QueueLimit = 0,
            }));
    }

    /// <summary>The key's name; null if no keys are configured or the client is not authenticated.</summary>
    private static string? Key(HttpContext http) =>
        SecurityServices.HasKeys(http.RequestServices.GetRequiredService<IConfiguration>()) ? http.User.Identity?.Name : null;

    private static async ValueTask RefuseAsync(OnRejectedContext context, LimitOptions limits) =>
        await Refusal(context.Lease, limits).ToResult().ExecuteAsync(context.HttpContext);

    private static Problem Refusal(RateLimitLease lease, LimitOptions limits) =>
        new(ProblemKind.TooMany, "request.too-many",
            $"A key may send {limits.RequestsPerSecond} requests a second, {limits.RequestBurst} at once, and start "
            + $"{limits.TrainingsPerMinute} trainings a minute.")
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1),
        };
}
