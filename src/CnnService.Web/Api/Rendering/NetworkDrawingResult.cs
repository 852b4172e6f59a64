using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Networks;

namespace CnnService.Web.Api.Rendering;

/// <summary>Answers with a network's drawing instead of its layer table.</summary>
internal static class NetworkDrawingResult
{
    /// <summary>The network, if it has few enough layers to draw. Problem: <c>architecture.too-many-layers</c>.</summary>
    public static Outcome<ResolvedNetwork> Check(ResolvedNetwork network) => network.Layers.Count <= NetworkDrawing.MaxLayers
        ? network
        : Problem.Unprocessable("architecture.too-many-layers",
            $"A network is drawn up to {NetworkDrawing.MaxLayers} layers, received {network.Layers.Count}.");

    public static IResult Render(IFigureRenderer figures, ResolvedNetwork network, string title, NetworkQuery query) =>
        FigureResult.File(figures, NetworkDrawing.Create(network, title), query.Style);
}
