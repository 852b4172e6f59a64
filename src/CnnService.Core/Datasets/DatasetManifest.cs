using System.Text.Json.Serialization;

namespace CnnService.Core.Datasets;

/// <summary>
/// The content of a data set as of one revision. Its images and rejected files are read from the revision's file in parts, when they are
/// asked for. Immutable.
/// </summary>
public sealed record DatasetManifest
{

    public required string Name { get; init; }

    /// <summary>Class names in label order (ordinal order of the names); label = index.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>1 if every image is grey, otherwise 3.</summary>
    public required int Channels { get; init; }

    /// <summary>In a fixed order: by split, class, then content hash.</summary>
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

    /// <summary>Number of images per class in one split, in label order.</summary>
    public int[] CountByClass(Split split) => [.. Classes.Select((_, label) => Images.CountOf(split, label))];
}

/// <summary>One image of a data set.</summary>
/// <param name="Id">Names it in URLs: unique in the data set, letters, digits and dashes.</param>
/// <param name="Split">The split it belongs to.</param>
/// <param name="Label">Index of its class.</param>
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
