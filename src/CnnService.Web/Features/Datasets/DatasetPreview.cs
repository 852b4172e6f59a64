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
    public static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] PreviewServices parts, [AsParameters] PreviewQuery query, string name)
    {
        var manifest = await DatasetImages.ManifestAsync(parts.Datasets, parts.Folders, name);
        var request = manifest.Bind(query.For);
        if (request.Problem is { } problem)
        {
            return problem.ToResult();
        }

        if (CacheableImageResult.NotModified(http, parts.Preview.ETag(request.Value)) is { } unchanged)
        {
            return unchanged;
        }

        var file = await DatasetImages.FileAsync(parts.Datasets, parts.Folders, name, request.Value.Image.Id);
        var drawn = file.Problem is { } gone
            ? gone
            : await parts.Slots.RunAsync(() => Draw(parts, request.Value, file.Value.File, http.RequestAborted), http.RequestAborted);
        return drawn.Match(image => CacheableImageResult.File(http, image), failure => failure.ToResult());
    }

    private static Outcome<RenderedImage> Draw(
        PreviewServices parts, AugmentationPreviewRequest request, byte[] file, CancellationToken cancel) =>
        parts.Decoder.Decode(file, new DecodeTarget(request.Side, request.Side, request.Dataset.Channels))
            .Bind(image => parts.Preview.Draw(request, image, cancel));
}

/// <summary>What a preview needs.</summary>
internal sealed record PreviewServices(
    DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder, DecodeSlots Slots, AugmentationPreview Preview);
