using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Datasets;

/// <summary>GET /datasets/{name}/preview.png: the effect of augmentation on an image, before training.</summary>
internal static class DatasetPreview
{
    public static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] PreviewServices services, [AsParameters] PreviewQuery query, string name) =>
        DatasetImages.ManifestAsync(services.Datasets, services.Folders, name, http.RequestAborted)
            .BindAsync(manifest => query.For(manifest))
            .ToIResultAsync(async request => CacheableImageResult.NotModified(http, services.Preview.ETag(request))
                ?? await DrawAsync(http, services, request, name));

    private static Task<IResult> DrawAsync(HttpContext http, PreviewServices services, AugmentationPreviewRequest request, string name) =>
        DatasetImages.FileAsync(services.Datasets, services.Folders, name, request.Image.Id, http.RequestAborted)
            .BindAsync(found => services.Renderings.MomentAsync(http, () => services.Slots.RunAsync(
                () => Draw(services, request, found.File, http.RequestAborted), http.RequestAborted)))
            .ToIResultAsync(image => CacheableImageResult.File(http, image));

    private static Outcome<RenderedImage> Draw(
        PreviewServices services, AugmentationPreviewRequest request, byte[] file, CancellationToken cancel) =>
        services.Decoder.Decode(file, new DecodeTarget(request.Side, request.Side, request.Dataset.Channels))
            .Bind(image => services.Preview.Draw(request, image, cancel));
}

/// <summary>The services needed for a preview.</summary>
internal sealed record PreviewServices(
    DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder, DecodeSlots Slots, AugmentationPreview Preview,
    Renderings Renderings);
