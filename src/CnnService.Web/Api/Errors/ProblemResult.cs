using System.Reflection;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.Errors;

/// <summary>A problem as a response: <c>application/problem+json</c> with its stable code, and Retry-After where retrying helps.</summary>
internal sealed class ProblemResult(Problem problem) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => Problems.StatusOf(problem.Kind);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (var status in new[] { StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound })
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), [Problems.MediaType]));
        }
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (problem.RetryAfter is { } wait)
        {
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return TypedResults.Problem(Problems.ToDetails(problem)).ExecuteAsync(httpContext);
    }
}
