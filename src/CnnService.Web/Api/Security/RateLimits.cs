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

    private static async ValueTask RefuseAsync(OnRejectedContext context, LimitOptions limits)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        await new Problem(ProblemKind.TooMany, "request.too-many",
            $"A key may send {limits.RequestsPerSecond} requests a second, {limits.RequestBurst} at once, and start "
            + $"{limits.TrainingsPerMinute} trainings a minute.")
        {
            RetryAfter = wait,
        }.ToResult().ExecuteAsync(context.HttpContext);
    }
}
