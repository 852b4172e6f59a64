using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Networks;
using CnnService.Core.Drawing.Png;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Api.Images;

/// <summary>Answers with a network's drawing instead of its layer table.</summary>
internal static class NetworkDrawingResult
{
    public const string Png = "image/png";

    /// <summary>Whether the query asks for the drawing. Problem: <c>request.invalid</c>.</summary>
    public static Outcome<bool> IsRequested(string? format) => format switch
    {
        null or "json" => false,
        "png" => true,
        _ => Problem.Invalid("request.invalid", $"format must be json or png, received '{format}'."),
    };

    /// <summary>The network, if it has few enough layers to draw. Problem: <c>architecture.too-many-layers</c>.</summary>
    public static Outcome<ResolvedNetwork> Check(ResolvedNetwork network) => network.Layers.Count <= NetworkDrawing.MaxLayers
        ? network
        : Problem.Unprocessable("architecture.too-many-layers",
            $"A network is drawn up to {NetworkDrawing.MaxLayers} layers, received {network.Layers.Count}.");

    public static FileContentHttpResult Render(IPngEncoder png, ResolvedNetwork network, string title) =>
        TypedResults.File(png.Encode(NetworkDrawing.Draw(network, title), []), Png);
}
