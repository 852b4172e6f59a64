using Microsoft.AspNetCore.Routing.Matching;

namespace CnnService.Web.Hosting;

/// <summary>
/// Routes by the address that a request came to: methods of gRPC on the address for gRPC, all others elsewhere. The host name that a
/// client sends has no part in it.
/// </summary>
internal sealed class GrpcRoutePolicy(GrpcAddress address) : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => int.MinValue; // Before policies that choose between those left.

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var isGrpc = address.Owns(httpContext.Connection);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && IsGrpc(candidates[i].Endpoint) != isGrpc)
            {
                candidates.SetValidity(i, false);
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsGrpc(Endpoint endpoint) => endpoint.Metadata.GetMetadata<GrpcRoute>() is not null;
}
