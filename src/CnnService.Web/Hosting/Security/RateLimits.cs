using System.Threading.RateLimiting;
using CnnService.Core.Common;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting.Security;

/// <summary>Limits each key to a rate; without keys there is one user, and the queues are bound enough.</summary>
internal static class RateLimits
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(static _ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>, IOptions<AuthOptions>>((limiter, limits, auth) =>
        {
            limiter.OnRejected = RefuseAsync;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context, limits.Value, auth.Value));
        });
        return services;
    }

    private static RateLimitPartition<string> Partition(HttpContext context, RateLimitOptions limits, AuthOptions auth) =>
        auth.HasKeys && context.User.Identity is { IsAuthenticated: true, Name: { } key }
            ? RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.Burst,
                TokensPerPeriod = limits.PerSecond,
                ReplenishmentPeriod = Period,
                QueueLimit = 0,
            })
            : RateLimitPartition.GetNoLimiter(string.Empty);

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancel)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : Period;
        await new Problem(ProblemKind.TooMany, "request.rate", "This key sends more requests than its rate allows.") { RetryAfter = wait }
            .ToResult().ExecuteAsync(rejected.HttpContext);
    }
}
