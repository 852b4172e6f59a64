using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Datasets;

/// <summary>GET /datasets/{name}/preview.png: what augmentation does to a picture, before anything is trained.</summary>
internal static class DatasetPreview
{
    public static async Task<IResult> GetAsync(HttpContext http, [AsParameters] PreviewParts parts, [AsParameters] PreviewQuery query, string name)
    {
        var manifest = await DatasetImages.ManifestAsync(parts.Datasets, parts.Folders, name);
        var request = manifest.Bind(query.For);
        if (request.Problem is { } problem)
        {
            return problem.ToResult();
        }

        if (PictureAnswer.NotModified(http, parts.Preview.ETag(request.Value)) is { } unchanged)
        {
            return unchanged;
        }

        var file = await DatasetImages.FileAsync(parts.Datasets, parts.Folders, name, request.Value.Image.Id);
        var drawn = file.Problem is { } gone ? gone : await parts.Slots.RunAsync(() => Draw(parts, request.Value, file.Value.File, http.RequestAborted), http.RequestAborted);
        return drawn.Match(picture => PictureAnswer.File(http, picture), failure => failure.ToResult());
    }

    private static Outcome<RenderedPicture> Draw(PreviewParts parts, AugmentationPreviewRequest request, byte[] file, CancellationToken cancel) =>
        parts.Decoder.Decode(file, new DecodeTarget(request.Side, request.Side, request.Dataset.Channels))
            .Bind(picture => parts.Preview.Draw(request, picture, cancel));
}

/// <summary>What a preview needs.</summary>
internal sealed record PreviewParts(
    DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder, DecodeSlots Slots, AugmentationPreview Preview);
