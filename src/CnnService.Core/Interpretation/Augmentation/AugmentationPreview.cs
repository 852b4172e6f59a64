using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>
/// Draws a labelled grid of one training image: the original, then as augmented in the first epochs of a run. Thread safe.
/// </summary>
public sealed class AugmentationPreview(IAugmentedImages images)
{
    private const int Side = 176;
    private const int MaxColumns = 8;

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
    public Outcome<DrawnFigure> Draw(AugmentationPreviewRequest request, PixelBuffer image, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(image);
        return images.Draw(image, request.Index, request.Augmentation, request.Seed, request.Count, cancel).Map(changed =>
            new DrawnFigure(Grid(request, image, changed), Text(request), ETag(request)));
    }

    private static Figure Grid(AugmentationPreviewRequest request, PixelBuffer image, IReadOnlyList<PixelBuffer> changed)
    {
        Block Draw(PixelBuffer pixels, string label)
        {
            var block = ImageBlock.AtLeast(pixels, Side, isSmooth: true);
            return Tile.Create(block, block.Width, (label, Typography.Caption));
        }

        return new()
        {
            Title = $"An image of {request.Dataset.Name} as training sees it",
            Subtitle = $"Image {request.Image.Id} ({request.Dataset.TextOf(request.Image.Label)}), seed {ContentKey.Text(request.Seed)}.",
            Description = $"The image as it is, and as it is changed in the first {ContentKey.Text(changed.Count)} epochs.",
            Names = request.Dataset.Classes,
            Content = new Tiles(
                [Draw(image, "as it is"), .. changed.Select((pixels, epoch) => Draw(pixels, $"epoch {ContentKey.Text(epoch + 1)}"))],
                Math.Min(MaxColumns, (int)Math.Ceiling(Math.Sqrt(changed.Count + 1)))),
        };
    }

    private static List<KeyValuePair<string, string>> Text(AugmentationPreviewRequest request) =>
    [
        PngText.Create("dataset", request.Dataset.Name),
        PngText.Create("image", request.Image.Id),
        PngText.Create("augmentation", request.Changes),
        PngText.Create("seed", ContentKey.Text(request.Seed)),
    ];
}
