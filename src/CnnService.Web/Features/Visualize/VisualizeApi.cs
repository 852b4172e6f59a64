using CnnService.Core.Common;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize: what a network has learned. One route per kind of visualization.</summary>
internal static class VisualizeApi
{
    public static IServiceCollection AddVisualize(this IServiceCollection services) => services
        .AddSingleton<ScanSources>().AddSingleton<NetworkImages>();

    public static void MapVisualize(this IEndpointRouteBuilder routes)
    {
        var visualize =
            routes.MapGroup("/visualize").WithTags("Seeing inside").RequireAuthorization(Scopes.Read).ValidateParameters().AllowHead()
            .WithoutExample("size").WithoutExample("split"); // Each would exclude other parameters.
        visualize.MapGet("/", LayersAsync).WithName("ListVisualLayers").WithSummary("The layers that can be visualized")
            .ProducesProblems(400, 404, 422, 503);
        visualize.MapPatterns();
        visualize.MapClassImages();
        visualize.MapFeatureMapSheet();
        visualize.MapFeatureMaps();
        visualize.MapKernels();
        visualize.MapExamples();
        visualize.MapStatistics();
        visualize.MapReceptiveField();
        visualize.MapProjection();
        routes.MapTimelapse();
        // Outside the group: reported before any parameter error.
        var noNumber = routes.MapGroup(string.Empty).RequireAuthorization(Scopes.Read).ExcludeFromDescription();
        noNumber.MapGet("/visualize/{layer}/{filter}", NoNumber);
        noNumber.MapPost("/visualize/{layer}/{filter}", NoNumber);
    }

    private static Task<Results<Ok<VisualLayers>, ProblemResult>> LayersAsync(ModelRegistry registry, string? model) =>
        registry.WithLayersAsync(model).ToResultAsync(found => TypedResults.Ok(VisualLayers.List(found)));

    /// <summary>
    /// The problem of a filter that is not a number, which also results from a layer's name with a slash that is not escaped as %2F.
    /// </summary>
    private static ProblemResult NoNumber(string layer, string filter)
    {
        var errors = new ValidationErrors();
        errors.Add("filter",
            $"must be a whole number from 0 on, received \"{ReceivedText.Text(filter)}\"; a slash in a layer's name is written %2F: "
            + $"{layer}%2F{filter}");
        return Problem.Validation(errors).ToResult();
    }
}
