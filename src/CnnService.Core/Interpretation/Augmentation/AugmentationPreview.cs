using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>A labelled grid: a training picture as it is, then as training sees it in its first epochs. Thread safe.</summary>
public sealed class AugmentationPreview(IAugmentedPictures pictures, IPngEncoder encoder)
{
    /// <summary>The tag of what <see cref="Draw"/> gives, told without drawing; hex.</summary>
    public string ETag(AugmentationPreviewRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return PictureKey.Of(
            "augmentation-preview",
            pictures.Revision,
            request.Dataset.Name,
            request.Dataset.Digest,
            request.Image.Id,
            request.Changes,
            PictureKey.Text(request.Seed),
            PictureKey.Text(request.Count),
            PictureKey.Text(request.Side));
    }

    /// <summary>Blocks. Problem code: <c>torch.unavailable</c>.</summary>
    /// <param name="request">What to show.</param>
    /// <param name="picture">The request's picture, of its side and the data set's channels.</param>
    /// <param name="cancel">Stops it.</param>
    public Outcome<RenderedPicture> Draw(AugmentationPreviewRequest request, PixelBuffer picture, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(picture);
        return pictures.Draw(picture, request.Index, request.Augmentation, request.Seed, request.Count, cancel).Bind<RenderedPicture>(changed =>
            new RenderedPicture(encoder.Encode(Grid(request, picture, changed), Text(request)), ETag(request), []));
    }

    private static PixelBuffer Grid(AugmentationPreviewRequest request, PixelBuffer picture, IReadOnlyList<PixelBuffer> changed)
    {
        var factor = PictureScaling.UsualFactor(request.Side, request.Side);
        GridTile Tile(PixelBuffer pixels, string label, string shortLabel) => new(PictureScaling.Enlarge(pixels, factor), label, shortLabel);
        var columns = Math.Min(TileGrid.UsualColumns, (int)Math.Ceiling(Math.Sqrt(changed.Count + 1)));
        return TileGrid.Compose(
            $"{request.Dataset.Name} · seed {PictureKey.Text(request.Seed)}",
            [
                Tile(picture, "as it is", "0"),
                .. changed.Select((pixels, epoch) => Tile(pixels, $"epoch {PictureKey.Text(epoch + 1)}", PictureKey.Text(epoch + 1))),
            ],
            columns);
    }

    private static List<KeyValuePair<string, string>> Text(AugmentationPreviewRequest request) =>
    [
        PictureText.Of("dataset", request.Dataset.Name),
        PictureText.Of("image", request.Image.Id),
        PictureText.Of("augmentation", request.Changes),
        PictureText.Of("seed", PictureKey.Text(request.Seed)),
    ];
}
