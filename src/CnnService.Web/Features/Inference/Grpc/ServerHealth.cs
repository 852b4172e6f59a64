using CnnService.Core.Classification;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>Whether the server can take requests, as <c>/v2/health/ready</c> tells it.</summary>
internal sealed class ServerHealth(Store store, IServingDevice device) : IHealthCheck
{
    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            return (await ModelAnswers.ServerReadyAsync(store, device, cancel)).Succeeded;
        }
        catch (StoreUnavailableException)
        {
            return false; // The question was whether it is there.
        }
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await IsReadyAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
}
