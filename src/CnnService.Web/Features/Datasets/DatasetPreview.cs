using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Datasets;

/// <summary>GET /datasets/{name}/preview.png: what augmentation does to an image, before anything is trained.</summary>
internal static class DatasetPreview
{
    public static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] PreviewServices parts, [AsParameters] PreviewQuery query, string name) =>
        DatasetImages.ManifestAsync(parts.Datasets, parts.Folders, name)
            .BindAsync(manifest => query.For(manifest))
            .ToIResultAsync(async request => CacheableImageResult.NotModified(http, parts.Preview.ETag(request))
                ?? await DrawAsync(http, parts, request, name));

    private static Task<IResult> DrawAsync(HttpContext http, PreviewServices parts, AugmentationPreviewRequest request, string name) =>
        DatasetImages.FileAsync(parts.Datasets, parts.Folders, name, request.Image.Id)
            .BindAsync(found => parts.Slots.RunAsync(() => Draw(parts, request, found.File, http.RequestAborted), http.RequestAborted))
            .ToIResultAsync(image => CacheableImageResult.File(http, image));

    private static Outcome<RenderedImage> Draw(
        PreviewServices parts, AugmentationPreviewRequest request, byte[] file, CancellationToken cancel) =>
        parts.Decoder.Decode(file, new DecodeTarget(request.Side, request.Side, request.Dataset.Channels))
            .Bind(image => parts.Preview.Draw(request, image, cancel));
}

/// <summary>What a preview needs.</summary>
internal sealed record PreviewServices(
    DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder, DecodeSlots Slots, AugmentationPreview Preview);
