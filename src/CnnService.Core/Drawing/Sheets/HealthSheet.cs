using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Sheets;

/// <summary>A grid of images that something is wrong with: copies side by side, faulty ones, and labels in doubt.</summary>
public static class HealthSheet
{
    /// <summary>Side of a tile, pixels.</summary>
    public const int Side = 168;

    private const int Columns = 6;
    private const int ShownOfGroup = 2;

    /// <summary>The tiles to show: an equal share of each kind of finding, the gravest of each first.</summary>
    /// <param name="health">The findings.</param>
    /// <param name="count">At most so many tiles.</param>
    public static IReadOnlyList<HealthTile> Choose(DatasetHealth health, int count)
    {
        ArgumentNullException.ThrowIfNull(health);
        IReadOnlyList<HealthTile>[] kinds =
        [
            [.. health.Groups.SelectMany(OfGroup)],
            [.. health.Labels?.Ranked.Where(one => one.IsDoubted).Select(OfLabel) ?? []],
            [.. health.Faults.Where(one => one.Fault != ImageFault.Unreadable).Select(one => new HealthTile(
                one.Image, $"{one.Fault.ToWireName()}: {one.Reason.Split(',', ';')[0]}", Place(one.Image)))],
        ];
        var shown = new int[kinds.Length];
        for (var (left, kind) = (count, 0); left > 0 && kinds.Index().Any(one => shown[one.Index] < one.Item.Count); kind++)
        {
            // Two at a time: copies stay together.
            var at = kind % kinds.Length;
            var more = Math.Min(Math.Min(ShownOfGroup, left), kinds[at].Count - shown[at]);
            shown[at] += more;
            left -= more;
        }

        return [.. kinds.SelectMany((tiles, kind) => tiles.Take(shown[kind]))];
    }

    /// <param name="health">The findings.</param>
    /// <param name="tiles">At least one.</param>
    /// <param name="images">One each, with their aspect ratio, at most <see cref="Side"/> wide and high; null where the file
    /// is missing.</param>
    public static Figure Create(DatasetHealth health, IReadOnlyList<HealthTile> tiles, IReadOnlyList<PixelBuffer?> images)
    {
        ArgumentNullException.ThrowIfNull(health);
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Count, tiles.Count);
        return new()
        {
            Title = $"{health.Dataset}: {tiles.Count} of {health.Images} images to look at",
            Subtitle = "Copies stand side by side; the gravest of each kind come first.",
            Description = $"{tiles.Count} images that something is wrong with: copies, faulty ones, and labels in doubt.",
            Content = new Tiles(
                [.. tiles.Zip(images, (tile, image) => Tile.Create(
                    new Framed(image, Side), Side,
                    (tile.What, Typography.Caption with { Paint = Ink.Series2 }), (tile.Where, Typography.Small)))],
                Columns, 12, 16),
        };
    }

    private static IEnumerable<HealthTile> OfGroup(DuplicateGroup group) => group.Images.Take(ShownOfGroup).Select((image, place) =>
        new HealthTile(
            image,
            place == 0 ? $"{group.Count} times, one is" : group.IsExact ? "equal file" : $"alike {Text(group.Similarity)}",
            Place(image)));

    private static HealthTile OfLabel(DoubtedLabel label) => new(
        label.Image, $"is {label.Image.Class}", $"or {label.Suggested} {Text(label.SuggestedProbability)}?");

    private static string Place(HealthImage image) => $"{image.Split.ToWireName()}: {image.Class}";

    private static string Text(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>An image of a health sheet.</summary>
/// <param name="Image">Which one.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Where">Its split and class, or what it may be.</param>
public sealed record HealthTile(HealthImage Image, string What, string Where);
