using System.Text.Json.Serialization;

namespace CnnService.Core.Datasets;

/// <summary>The content of a data set: the file <c>manifest.json</c> in its folder, written last and atomically. Immutable.</summary>
public sealed record DatasetManifest
{
    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = 1;

    public required string Name { get; init; }

    /// <summary>Class names in label order (ordinal order of the names); label = index.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>1 if every image is grey, otherwise 3.</summary>
    public required int Channels { get; init; }

    /// <summary>
    /// In a fixed order: by split, class, then content hash. An image's position among those of its split is its row in the pixel cache.
    /// </summary>
    public required IReadOnlyList<DatasetImage> Images { get; init; }

    public required IReadOnlyList<RejectedFile> Rejected { get; init; }

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

    /// <summary>SHA-256 (hex) over classes and images; changes when the content does.</summary>
    public required string Digest { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Total size of the image files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Number of images per class in one split, in label order.</summary>
    public int[] CountByClass(Split split)
    {
        var counts = new int[Classes.Count];
        foreach (var image in Images.Where(image => image.Split == split))
        {
            counts[image.Label]++;
        }

        return counts;
    }
}

/// <summary>One image of a data set.</summary>
/// <param name="Id">Names its file <c>images/{id}</c> and its URL: unique in the data set, letters, digits and dashes.</param>
/// <param name="Split">The split it belongs to.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Sha256">Of the file, hex.</param>
/// <param name="MediaType">image/jpeg, image/png, …: detected from the content, not from the name.</param>
/// <param name="Width">Upright, pixels.</param>
/// <param name="Height">Upright, pixels.</param>
/// <param name="Source">Path inside the archive, for display; never used as a file path.</param>
public sealed record DatasetImage(
    string Id, Split Split, int Label, string Sha256, string MediaType, int Width, int Height, string Source);

/// <summary>A file that was not imported, and why.</summary>
public sealed record RejectedFile(string Path, string Reason);

/// <summary>The part of a data set that an image belongs to.</summary>
public enum Split
{
    Train,
    Validation,
    Test,
}
