using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>
/// The content of a data set as of one revision. Its images and rejected files are read from the revision's file in parts, when they are
/// asked for. Immutable.
/// </summary>
public sealed record DatasetManifest
{

    public required string Name { get; init; }

    /// <summary>Class names in ordinal order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>
    /// Where an image has any number of labels: the sets of classes that images have, each as ascending indices of
    /// <see cref="Classes"/>, in the order of <see cref="LabelSet.Compare"/>; an image's label is the index of its set. Null where an image
    /// has one label: then the label is the index of its class.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<int>>? LabelSets { get; init; }

    /// <summary>1 if every image is grey, otherwise 3.</summary>
    public required int Channels { get; init; }

    /// <summary>In a fixed order: by split, label, then content hash.</summary>
    [JsonIgnore]
    public ImageList Images { get; init; } = [];

    /// <summary>The files that were left out of the import.</summary>
    [JsonIgnore]
    public IReadOnlyList<RejectedFile> Rejected { get; init; } = [];

    /// <summary>Which revision this is, and how it came about.</summary>
    public DatasetRevision Revision { get; init; } = DatasetRevision.First;

    /// <summary>How the labels were found, and what was decided on the way.</summary>
    public LayoutDecision Layout { get; init; } = LayoutDecision.Folders;

    /// <summary>How many labels an image has.</summary>
    public DatasetTask Task { get; init; }

    /// <summary>Number of different labels that an image can have: of classes, or of sets of classes.</summary>
    [JsonIgnore]
    public int LabelCount => LabelSets?.Count ?? Classes.Count;

    /// <summary>
    /// The notes of the layout, then warnings in plain language: the same image in two splits, an empty class, a single class.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Mean of each channel over the training images, 0–1, at the size they were decoded to.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Standard deviation of each channel over the training images, 0–1.</summary>
    public required IReadOnlyList<double> Std { get; init; }

    /// <summary>
    /// 3x3 covariance of red, green and blue over the pixels of the training images, values 0–1, at the size they were decoded to. Null for
    /// grey images, and for data sets imported by an earlier version.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<double>>? Covariance { get; init; }

    /// <summary>Sums over the training images, of which mean, deviation and covariance are made.</summary>
    public ColorMoments Moments { get; init; }

    /// <summary>Width and height, pixels, that images are decoded to for the statistics.</summary>
    public int DecodeSide { get; init; }

    /// <summary>SHA-256 (hex) over classes and images; changes when the content does.</summary>
    public required string Digest { get; init; }

    /// <summary>Time of the import, UTC; that of the revision is in <see cref="Revision"/>.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Total size of the image files, bytes; equal files are stored and counted once.</summary>
    public required long Bytes { get; init; }

    /// <summary>The same with the statistics that follow from these sums.</summary>
    public DatasetManifest WithStatistics(ColorMoments moments)
    {
        var (mean, std, covariance) = moments.Statistics(Channels);
        return this with { Moments = moments, Mean = mean, Std = std, Covariance = covariance };
    }

    /// <summary>Number of images that have each class in one split, in the order of the classes.</summary>
    public int[] CountByClass(Split split)
    {
        var counts = new int[Classes.Count];
        for (var label = 0; label < LabelCount; label++)
        {
            foreach (var one in ClassesOf(label))
            {
                counts[one] += Images.CountOf(split, label);
            }
        }

        return counts;
    }

    /// <summary>The classes of a label, ascending.</summary>
    public IReadOnlyList<int> ClassesOf(int label) => LabelSets is null ? [label] : LabelSets[label];

    /// <summary>The names of a label's classes: one, or in a data set of several labels an image any number.</summary>
    public IReadOnlyList<string> NamesOf(int label) => [.. ClassesOf(label).Select(one => Classes[one])];

    /// <summary>A label as text: the class, or all classes with commas between them.</summary>
    public string TextOf(int label) => Text(NamesOf(label));

    /// <summary>Labels of an image as one text, with commas between them; <c>no label</c> where there is none.</summary>
    public static string Text(IReadOnlyCollection<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return labels.Count > 0 ? string.Join(", ", labels) : "no label";
    }

    /// <summary>Consecutive images of those that a split and a class leave.</summary>
    /// <param name="split">Only images of this split; null: of all.</param>
    /// <param name="ofClass">Only images that have this class; null: all.</param>
    /// <param name="skip">How many of them come before.</param>
    /// <param name="take">At most as many.</param>
    public IReadOnlyList<DatasetImage> Page(Split? split, int? ofClass, int skip, int take)
    {
        if (LabelSets is null || ofClass is null)
        {
            return Images.Page(split, ofClass, skip, take);
        }

        int[] labels = [.. LabelSets.Index().Where(set => set.Item.Contains(ofClass.Value)).Select(set => set.Index)];
        var parts = from part in split is { } only ? [only] : Enum.GetValues<Split>() from label in labels select Images.Of(part, label);
        return ImageList.Page(parts, skip, take);
    }

    /// <summary>Why what needs one label an image cannot be done: <c>dataset.multi-label</c>; null where each has one.</summary>
    /// <param name="what">The beginning of the sentence: what cannot be done.</param>
    public Problem? RequireSingleLabel(string what) => Task == DatasetTask.SingleLabel ? null : Problem.Unprocessable(
        "dataset.multi-label", $"{what} needs one label an image; those of the data set '{Name}' have any number of them.");
}

/// <summary>One image of a data set.</summary>
/// <param name="Id">Names it in URLs: unique in the data set, letters, digits and dashes.</param>
/// <param name="Split">The split it belongs to.</param>
/// <param name="Label">Index of its class, or of its set of classes: <see cref="DatasetManifest.LabelSets"/>.</param>
/// <param name="Sha256">Of the file, 64 lower case hex digits; names the file.</param>
/// <param name="MediaType">image/jpeg, image/png, …: detected from the content, not from the name.</param>
/// <param name="Width">Upright, pixels.</param>
/// <param name="Height">Upright, pixels.</param>
/// <param name="Source">Path inside the archive, for display; never used as a file path.</param>
public sealed record DatasetImage(
    string Id, Split Split, int Label, string Sha256, string MediaType, int Width, int Height, string Source)
{
    /// <summary>Size of the file, bytes.</summary>
    public long Bytes { get; init; }
}

/// <summary>A file that was not imported, and why.</summary>
public sealed record RejectedFile(string Path, string Reason);

/// <summary>The part of a data set that an image belongs to.</summary>
public enum Split
{
    Train,
    Validation,
    Test,
}
