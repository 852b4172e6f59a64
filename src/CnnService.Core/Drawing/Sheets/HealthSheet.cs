using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Health;

namespace CnnService.Core.Drawing.Sheets;

/// <summary>A grid of images that something is wrong with: copies side by side, faulty ones, and labels in doubt.</summary>
public static class HealthSheet
{
    /// <summary>Side of a tile, pixels.</summary>
    public const int Side = MistakeSheet.Side;

    private const int Columns = 6;
    private const int ShownOfGroup = 2;

    private static readonly Color WhatColor = Color.FromRgb(0xE8A87C);
    private static readonly Color WhereColor = Color.FromRgb(0xAEBAC4);

    /// <summary>The tiles to show: an equal share of each kind of finding, the gravest of each first.</summary>
    /// <param name="health">The findings.</param>
    /// <param name="count">At most so many tiles.</param>
    public static IReadOnlyList<HealthTile> Tiles(DatasetHealth health, int count)
    {
        ArgumentNullException.ThrowIfNull(health);
        IReadOnlyList<HealthTile>[] kinds =
        [
            [.. health.Groups.SelectMany(OfGroup)],
            [.. health.Labels?.Ranked.Where(one => one.IsDoubted).Select(OfLabel) ?? []],
            [.. health.Faults.Where(one => one.Fault != ImageFault.Unreadable).Select(one => new HealthTile(
                one.Image, $"{one.Fault.ToWireName()}: {one.Reason}", Place(one.Image)))],
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

    /// <param name="title">One line.</param>
    /// <param name="tiles">At least one.</param>
    /// <param name="images">One each, with their aspect ratio, at most <see cref="Side"/> wide and high; null where the file
    /// is missing.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<HealthTile> tiles, IReadOnlyList<PixelBuffer?> images)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Count, tiles.Count);
        return TileGrid.Compose(
            title,
            [.. tiles.Zip(images, (tile, image) => new GridTile(
                ImageTile.Draw(Side, image, (tile.What, WhatColor), (tile.Where, WhereColor)), string.Empty, string.Empty))],
            Columns);
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
