using System.Text.Json.Serialization;

namespace CnnService.Core.Datasets;

/// <summary>What a data set holds: the file <c>manifest.json</c> in its folder, written last, whole or absent.</summary>
public sealed record DatasetManifest
{
    /// <summary>The version of this file's form.</summary>
    public int Format { get; init; } = 1;

    public required string Name { get; init; }

    /// <summary>Class names in label order (ordinal order of the names); label = index.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>1 if every picture is grey, else 3.</summary>
    public required int Channels { get; init; }

    /// <summary>In a fixed order: by split, class, then content hash; an image's position here is its row in the pixel cache.</summary>
    public required IReadOnlyList<DatasetImage> Images { get; init; }

    public required IReadOnlyList<RejectedFile> Rejected { get; init; }

    /// <summary>Sentences for people: the same picture in two splits, an empty class, a single class.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Mean of each channel over the training pictures, 0–1, at the size they were decoded to.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Standard deviation of each channel over the training pictures, 0–1.</summary>
    public required IReadOnlyList<double> Std { get; init; }

    /// <summary>
    /// 3x3: how red, green and blue of a pixel vary together over the training pictures, values 0–1, at the size they were decoded
    /// to. Null for grey pictures, and where an earlier version imported them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<double>>? Covariance { get; init; }

    /// <summary>SHA-256 (hex) over classes and images; changes when the content does.</summary>
    public required string Digest { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Bytes of the kept picture files.</summary>
    public required long Bytes { get; init; }

    /// <summary>The number of pictures of each class in one part, in label order.</summary>
    public int[] PicturesOf(Split split)
    {
        var counts = new int[Classes.Count];
        foreach (var image in Images.Where(image => image.Split == split))
        {
            counts[image.Label]++;
        }

        return counts;
    }
}

/// <summary>One picture of a data set.</summary>
/// <param name="Id">Names its file <c>images/{id}</c> and its URL: unique in the data set, letters, digits and dashes.</param>
/// <param name="Split">The part it belongs to.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Sha256">Of the file, hex.</param>
/// <param name="MediaType">image/jpeg, image/png, …: as sniffed, never as claimed.</param>
/// <param name="Width">Upright, pixels.</param>
/// <param name="Height">Upright, pixels.</param>
/// <param name="Source">Path inside the archive, for people; never used as a path here.</param>
public sealed record DatasetImage(
    string Id, Split Split, int Label, string Sha256, string MediaType, int Width, int Height, string Source);

/// <summary>A file that was not taken, and why.</summary>
public sealed record RejectedFile(string Path, string Reason);

/// <summary>The part of a data set a picture belongs to.</summary>
public enum Split
{
    Train,
    Validation,
    Test,
}
