using CnnService.Core.Common;
using CnnService.Core.Interpretation.Kernels;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}[/{filter}]/kernels: the raw weights of a convolution.</summary>
internal static class KernelApi
{
    public static void MapKernels(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/{layer}/kernels", GetGridAsync)
            .WithName("GetKernels").WithSummary("The raw kernels of a convolution, as a labelled grid")
            .Produces(200, contentType: "image/png").Produces(304).ProducesProblems(400, 404, 422, 503);
        visualize.MapGet("/{layer}/{filter:int}/kernels", GetAsync)
            .WithName("GetKernel").WithSummary("The raw kernel of a filter, as an image or as numbers")
            .Produces<KernelFigures>(200).ProducesImage("image/png").Produces(304).ProducesProblems(400, 404, 422, 503);
    }

    private static async Task<IResult> GetGridAsync(
        HttpContext http, ModelRegistry registry, KernelPipeline kernels, [AsParameters] KernelQuery query, [AsParameters] GridQuery grid,
        string layer)
    {
        var plan = await registry.WithLayersAsync(query.Model)
            .BindAsync(model => KernelPlan.Create(model, layer, grid.First, grid.Tiles, query.Request));
        return plan.ToIResult(wanted => Draw(http, kernels, wanted));
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, ModelRegistry registry, KernelPipeline kernels, [AsParameters] KernelQuery query,
        [AsParameters] FormatQuery format, string layer, int filter)
    {
        var plan = await registry.WithLayersAsync(query.Model)
            .BindAsync(model => KernelPlan.Create(model, layer, filter, null, query.Request));
        return format.IsJson
            ? plan.Bind(KernelPipeline.Figures).ToIResult(TypedResults.Ok)
            : plan.ToIResult(wanted => Draw(http, kernels, wanted));
    }

    private static IResult Draw(HttpContext http, KernelPipeline kernels, KernelPlan plan) =>
        CacheableImageResult.NotModified(http, plan.ETag)
        ?? kernels.Render(plan).ToIResult(image => CacheableImageResult.File(http, image));
}
