using CnnService.Core.Models.Starts;

namespace CnnService.Web.Features.Starts;

/// <summary>/starts: the trained networks that training can start from.</summary>
internal static class StartsApi
{
    public static void MapStarts(this IEndpointRouteBuilder routes) => routes.MapGet("/starts", List)
        .WithName("ListStarts").WithTags("Training").RequireAuthorization(Scopes.Read)
        .WithSummary("List the trained networks to start from")
        .WithDescription(
            "Networks that come with the service, and those in the folders of the setting `Starts:Folders`. "
            + "`\"startFrom\": {\"pretrained\": \"…\"}` of `POST /train` starts from one; under its name as `model` it can be looked into "
            + "like a trained network.");

    private static Microsoft.AspNetCore.Http.HttpResults.Ok<StartsResource> List(StartCatalog catalog)
    {
        var (starts, unusable) = catalog.List();
        return TypedResults.Ok(new StartsResource(
            [.. starts.Select(StartResource.From)], [.. unusable.Select(problem => problem.Detail)]));
    }
}
