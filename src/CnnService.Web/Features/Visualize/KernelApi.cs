using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
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
            .ProducesFigure().Produces(304).ProducesProblems(400, 404, 422, 503);
        visualize.MapGet("/{layer}/{filter:int}/kernels", GetAsync)
            .WithName("GetKernel").WithSummary("The raw kernel of a filter, as an image or as numbers")
            .Produces<KernelFigures>(200).ProducesFigureToo().Produces(304).ProducesProblems(400, 404, 422, 503);
    }

    private static async Task<IResult> GetGridAsync(
        HttpContext http, ModelRegistry registry, FigureFiles files, [AsParameters] KernelQuery query, [AsParameters] GridQuery grid,
        [AsParameters] PlotQuery plot, string layer)
    {
        var plan = await registry.WithLayersAsync(query.Model)
            .BindAsync(model => KernelPlan.Create(model, layer, grid.First, grid.Tiles, query.Request));
        return plan.ToIResult(wanted => Draw(http, files, wanted, plot.Style));
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, ModelRegistry registry, FigureFiles files, [AsParameters] KernelQuery query,
        [AsParameters] FormatQuery format, [AsParameters] FigureQuery figure, string layer, int filter)
    {
        var plan = await registry.WithLayersAsync(query.Model)
            .BindAsync(model => KernelPlan.Create(model, layer, filter, null, query.Request));
        return format.IsJson
            ? plan.Bind(KernelPipeline.Figures).ToIResult(TypedResults.Ok)
            : plan.ToIResult(wanted => Draw(http, files, wanted, figure.Style(format.IsSvg)));
    }

    private static IResult Draw(HttpContext http, FigureFiles files, KernelPlan plan, FigureStyle style) =>
        CacheableImageResult.NotModified(http, style.Tag(plan.ETag))
        ?? KernelPipeline.Render(plan).ToIResult(drawn => FigureResult.File(http, files, drawn, style));
}
