using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Hosting;

/// <summary>What an endpoint tells of itself in the OpenAPI text.</summary>
internal static class EndpointDocs
{
    /// <summary>Declares the problem answers of a route; 401, 403, 429 and 500 can come from any.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<ProblemDetails>(status, Problems.MediaType);
        }

        return route;
    }

    /// <summary>A request body that can be tried as it stands.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder route, string json) => route.WithMetadata(new RequestExample(json));
}

/// <summary>An example of a JSON request body.</summary>
internal sealed record RequestExample(string Json);
