using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Datasets;

/// <summary>GET /datasets/{name}/preview.png: the effect of augmentation on an image, before training.</summary>
internal static class DatasetPreview
{
    public static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] PreviewServices services, [AsParameters] PreviewQuery query, string name)
    {
        var manifest = await DatasetImages.ManifestAsync(services.Datasets, services.Folders, name);
        var request = manifest.Bind(query.For);
        if (request.Problem is { } problem)
        {
            return problem.ToResult();
        }

        if (CacheableImageResult.NotModified(http, services.Preview.ETag(request.Value)) is { } unchanged)
        {
            return unchanged;
        }

        var file = await DatasetImages.FileAsync(services.Datasets, services.Folders, name, request.Value.Image.Id);
        var drawn = file.Problem is { } gone
            ? gone
            : await services.Slots.RunAsync(() => Draw(services, request.Value, file.Value.File, http.RequestAborted), http.RequestAborted);
        return drawn.Match(image => CacheableImageResult.File(http, image), failure => failure.ToResult());
    }

    private static Outcome<RenderedImage> Draw(
        PreviewServices services, AugmentationPreviewRequest request, byte[] file, CancellationToken cancel) =>
        services.Decoder.Decode(file, new DecodeTarget(request.Side, request.Side, request.Dataset.Channels))
            .Bind(image => services.Preview.Draw(request, image, cancel));
}

/// <summary>The services needed for a preview.</summary>
internal sealed record PreviewServices(
    DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder, DecodeSlots Slots, AugmentationPreview Preview);
