using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Datasets;

/// <summary>GET /datasets/{name}/preview.png: the effect of augmentation on an image, before training.</summary>
internal static class DatasetPreview
{
    public static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] PreviewServices services, [AsParameters] PreviewQuery query,
        [AsParameters] PlotQuery plot, string name) =>
        DatasetImages.ManifestAsync(services.Datasets, services.Folders, name, http.RequestAborted)
            .BindAsync(manifest => query.For(manifest))
            .ToIResultAsync(async request => CacheableImageResult.NotModified(http, plot.Style.Tag(services.Preview.ETag(request)))
                ?? await DrawAsync(http, services, request, plot.Style, name));

    private static Task<IResult> DrawAsync(
        HttpContext http, PreviewServices services, AugmentationPreviewRequest request, FigureStyle style, string name) =>
        DatasetImages.FileAsync(services.Datasets, services.Folders, name, request.Image.Id, http.RequestAborted)
            .BindAsync(found => services.Renderings.MomentAsync(http, cancel => services.Slots.RunAsync(
                () => Draw(services, request, found.File, cancel), cancel)))
            .ToIResultAsync(drawn => FigureResult.File(http, services.Files, drawn, style));

    private static Outcome<DrawnFigure> Draw(
        PreviewServices services, AugmentationPreviewRequest request, byte[] file, CancellationToken cancel) =>
        services.Decoder.Decode(file, new DecodeTarget(request.Side, request.Side, request.Dataset.Channels))
            .Bind(image => services.Preview.Draw(request, image, cancel));
}

/// <summary>The services needed for a preview.</summary>
internal sealed record PreviewServices(
    DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder, DecodeSlots Slots, AugmentationPreview Preview,
    FigureFiles Files, Renderings Renderings);
