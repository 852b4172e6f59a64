using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>
/// Draws a labelled grid of one training image: the original, then as augmented in the first epochs of a run. Thread safe.
/// </summary>
public sealed class AugmentationPreview(IAugmentedImages images, IPngEncoder encoder)
{
    /// <summary>The entity tag of the result of <see cref="Draw"/>, without drawing; hex.</summary>
    public string ETag(AugmentationPreviewRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ContentKey.Create(
            "augmentation-preview",
            images.Revision,
            request.Dataset.Name,
            request.Dataset.Digest,
            request.Image.Id,
            request.Changes,
            ContentKey.Text(request.Seed),
            ContentKey.Text(request.Count),
            ContentKey.Text(request.Side));
    }

    /// <summary>Blocks. Problem code: <c>torch.unavailable</c>.</summary>
    /// <param name="request">Image, augmentation and size.</param>
    /// <param name="image">The request's image, scaled to its side, in the data set's channels.</param>
    /// <param name="cancel">Checked between batches of epochs.</param>
    public Outcome<RenderedImage> Draw(AugmentationPreviewRequest request, PixelBuffer image, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(image);
        return images.Draw(image, request.Index, request.Augmentation, request.Seed, request.Count, cancel).Bind<RenderedImage>(changed =>
            new RenderedImage(encoder.Encode(Grid(request, image, changed), Text(request)), ETag(request)));
    }

    private static PixelBuffer Grid(AugmentationPreviewRequest request, PixelBuffer image, IReadOnlyList<PixelBuffer> changed)
    {
        var factor = ImageScaling.DefaultFactor(request.Side, request.Side);
        GridTile Tile(PixelBuffer pixels, string label, string shortLabel) => new(ImageScaling.Enlarge(pixels, factor), label, shortLabel);
        var columns = Math.Min(TileGrid.DefaultColumns, (int)Math.Ceiling(Math.Sqrt(changed.Count + 1)));
        return TileGrid.Compose(
            $"{request.Dataset.Name} · seed {ContentKey.Text(request.Seed)}",
            [
                Tile(image, "as it is", "0"),
                .. changed.Select((pixels, epoch) => Tile(pixels, $"epoch {ContentKey.Text(epoch + 1)}", ContentKey.Text(epoch + 1))),
            ],
            columns);
    }

    private static List<KeyValuePair<string, string>> Text(AugmentationPreviewRequest request) =>
    [
        PngText.Create("dataset", request.Dataset.Name),
        PngText.Create("image", request.Image.Id),
        PngText.Create("augmentation", request.Changes),
        PngText.Create("seed", ContentKey.Text(request.Seed)),
    ];
}
