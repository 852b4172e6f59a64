using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Web.Api.Rendering;

/// <summary>
/// Answers with a figure as a file. Painting one may take a gigabyte for a moment, so each has its turn. Problems: <c>figure.too-large</c>,
/// and those of <see cref="Renderings.MomentAsync{T}(HttpContext, Func{Outcome{T}})"/>.
/// </summary>
internal static class FigureResult
{
    public const string Png = "image/png";
    public const string Svg = "image/svg+xml";

    /// <summary>A figure that never changes for a URL, with its tag.</summary>
    public static IResult File(HttpContext http, FigureFiles files, DrawnFigure drawn, FigureStyle style) =>
        files.Find(drawn, style) is { } known
            ? CacheableImageResult.File(http, known, style.MediaType, style.Tag(drawn.ETag))
            : new FigureInTurn(
                () => files.Get(drawn, style),
                (answering, file) => CacheableImageResult.File(answering, file, style.MediaType, style.Tag(drawn.ETag)));

    /// <summary>
    /// The same within a turn that the caller has, in two steps: the figure's file at once, and from it the answer, for work that may end
    /// after its request has.
    /// </summary>
    public static Outcome<Func<HttpContext, IResult>> File(FigureFiles files, DrawnFigure drawn, FigureStyle style) =>
        files.Get(drawn, style).Map<Func<HttpContext, IResult>>(
            file => http => CacheableImageResult.File(http, file, style.MediaType, style.Tag(drawn.ETag)));

    /// <summary>A figure that changes with time.</summary>
    public static IResult File(IFigureRenderer renderer, Figure figure, FigureStyle style) =>
        new FigureInTurn(() => renderer.Render(figure, style, []), (_, file) => TypedResults.File(file, style.MediaType));

    /// <summary>Declares both formats.</summary>
    public static RouteHandlerBuilder ProducesFigure(this RouteHandlerBuilder route) =>
        route.Produces(StatusCodes.Status200OK, contentType: Png).ProducesImage(Svg);

    /// <summary>Declares both formats beside values.</summary>
    public static RouteHandlerBuilder ProducesFigureToo(this RouteHandlerBuilder route) => route.ProducesImage(Png).ProducesImage(Svg);
}
