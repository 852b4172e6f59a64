using System.Security.Cryptography;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>
/// Puts the images of a revision in their order, and derives from them what the manifest says: classes, notes, digest, size.
/// </summary>
public static class RevisionBuilder
{
    /// <summary>Classes that a note names.</summary>
    private const int MaxNamed = 5;

    /// <summary>The data set with these images.</summary>
    /// <param name="about">Name, layout, rejected files and whatever else is not derived from the images; its notes are replaced.</param>
    /// <param name="placed">The images in any order; of equal ones in a class, the first stays first.</param>
    /// <returns>The data set without statistics, and the indices of the images in their order.</returns>
    public static (DatasetManifest Dataset, int[] Order) Build(DatasetManifest about, IReadOnlyList<PlacedImage> placed)
    {
        ArgumentNullException.ThrowIfNull(about);
        ArgumentNullException.ThrowIfNull(placed);
        string[] classes = [.. placed.Select(p => p.Class).Distinct().Order(StringComparer.Ordinal)];
        var labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        int[] order = [
            .. Enumerable.Range(0, placed.Count).OrderBy(i => placed[i].Split).ThenBy(i => labels[placed[i].Class])
                .ThenBy(i => placed[i].Image.Sha256, StringComparer.Ordinal).ThenBy(i => i)];
        DatasetImage[] images = [
            .. order.Select(i => placed[i]).Select(p => p.Image with { Split = p.Split, Label = labels[p.Class] })];
        return (about with
        {
            Classes = classes,
            Images = ImageList.Create(images),
            Notes = [.. about.Layout.Notes, .. Notes(classes, images)],
            Digest = Digest(classes, images),
            Bytes = images.DistinctBy(image => image.Sha256).Sum(image => image.Bytes),
        }, order);
    }

    private static List<string> Notes(string[] classes, DatasetImage[] images)
    {
        var notes = new List<string>();
        if (classes.Length == 1)
        {
            notes.Add($"There is a single class, '{classes[0]}': nothing can be learned from it.");
        }

        var counts = ImageCounts.Count(images, classes.Length);
        notes.AddRange(classes.Where((_, label) => counts.Of(Split.Train, label).Count == 0)
            .Select(name => $"The class '{name}' has no training images."));
        string[] unseen = [.. classes.Where((_, label) => counts.Of(Split.Validation, label).Count == 0)];
        if (unseen.Length > 0 && unseen.Length < classes.Length)
        {
            notes.Add($"Without validation images, which other classes have: {Listing.First(unseen, MaxNamed)}. How well a network knows "
                + $"{(unseen.Length == 1 ? "it" : "them")} is not measured.");
        }

        var shared = images.GroupBy(image => image.Sha256).Count(group => group.Select(image => image.Split).Distinct().Count() > 1);
        if (shared > 0)
        {
            notes.Add($"{shared} {(shared == 1 ? "image stands" : "images stand")} in more than one split, byte for byte: validation "
                + "figures will flatter.");
        }

        return notes;
    }

    private static string Digest(string[] classes, DatasetImage[] images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Array.ForEach(classes, name => hash.AppendData(Encoding.UTF8.GetBytes(name + "\n")));
        Array.ForEach(images, image => hash.AppendData(Encoding.UTF8.GetBytes($"{image.Split}|{image.Label}|{image.Sha256}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>An image whose split and class are known; its own split and label do not count.</summary>
public sealed record PlacedImage(DatasetImage Image, Split Split, string Class);
