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
        string[] classes = [.. placed.SelectMany(p => p.Labels).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var (labels, sets) = about.Task == DatasetTask.SingleLabel ? (OneEach(classes, placed), null) : Sets(classes, placed);
        int[] order = [
            .. Enumerable.Range(0, placed.Count).OrderBy(i => placed[i].Split).ThenBy(i => labels[i])
                .ThenBy(i => placed[i].Image.Sha256, StringComparer.Ordinal).ThenBy(i => i)];
        DatasetImage[] images = [.. order.Select(i => placed[i].Image with { Split = placed[i].Split, Label = labels[i] })];
        var made = about with { Classes = classes, LabelSets = sets, Images = ImageList.Create(images) };
        return (made with
        {
            Notes = [.. about.Layout.Notes, .. Notes(made, images)],
            Digest = Digest(classes, sets, images),
            Bytes = images.DistinctBy(image => image.Sha256).Sum(image => image.Bytes),
        }, order);
    }

    /// <summary>The label of each image that has one.</summary>
    private static int[] OneEach(string[] classes, IReadOnlyList<PlacedImage> placed)
    {
        var labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return [.. placed.Select(p => labels[p.Labels.Single()])];
    }

    /// <summary>The sets of classes that occur, and which of them each image has.</summary>
    private static (int[] Labels, IReadOnlyList<IReadOnlyList<int>> Sets) Sets(string[] classes, IReadOnlyList<PlacedImage> placed)
    {
        var indices = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        int[][] own = [.. placed.Select(p => p.Labels.Select(name => indices[name]).Distinct().Order().ToArray())];
        int[][] sets = [.. own.DistinctBy(Key, StringComparer.Ordinal).Order(Comparer<int[]>.Create(LabelSet.Compare))];
        var labels = sets.Index().ToDictionary(set => Key(set.Item), set => set.Index, StringComparer.Ordinal);
        return ([.. own.Select(set => labels[Key(set)])], sets);

        static string Key(int[] set) => string.Join(',', set);
    }

    private static List<string> Notes(DatasetManifest made, DatasetImage[] images)
    {
        var notes = new List<string>();
        var classes = made.Classes;
        if (classes.Count == 1 && made.LabelCount == 1)
        {
            notes.Add($"There is a single class, '{classes[0]}': nothing can be learned from it.");
        }

        var (train, validation) = (made.CountByClass(Split.Train), made.CountByClass(Split.Validation));
        notes.AddRange(classes.Where((_, index) => train[index] == 0).Select(name => $"The class '{name}' has no training images."));
        if (made.LabelSets is not null)
        {
            var all = images.Count(image => image.Split == Split.Train);
            notes.AddRange(classes.Where((_, index) => train[index] == all)
                .Select(name => $"Every training image has the class '{name}': what it looks like without it is not shown."));
        }

        string[] unseen = [.. classes.Where((_, index) => validation[index] == 0)];
        if (unseen.Length > 0 && unseen.Length < classes.Count)
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

    private static string Digest(string[] classes, IReadOnlyList<IReadOnlyList<int>>? sets, DatasetImage[] images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Array.ForEach(classes, name => hash.AppendData(Encoding.UTF8.GetBytes(name + "\n")));
        foreach (var set in sets ?? [])
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\t{string.Join(',', set)}\n")); // No class name has a tabulator.
        }

        Array.ForEach(images, image => hash.AppendData(Encoding.UTF8.GetBytes($"{image.Split}|{image.Label}|{image.Sha256}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>An image whose split and labels are known; its own split and label do not count.</summary>
/// <param name="Image">The image.</param>
/// <param name="Split">The split it belongs to.</param>
/// <param name="Labels">Its class; in a data set of several labels an image, any number of classes.</param>
public sealed record PlacedImage(DatasetImage Image, Split Split, IReadOnlyList<string> Labels)
{
    /// <summary>An image with one label.</summary>
    public PlacedImage(DatasetImage image, Split split, string label)
        : this(image, split, [label])
    {
    }
}
