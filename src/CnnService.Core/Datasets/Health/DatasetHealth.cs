namespace CnnService.Core.Datasets.Health;

/// <summary>What is wrong with the images of a data set, found by looking at them. Immutable.</summary>
public sealed record DatasetHealth
{
    /// <summary>Groups of duplicates, and images of each fault, that are listed; all of them are counted.</summary>
    public const int MaxListed = 500;

    public required string Dataset { get; init; }

    /// <summary>Of the manifest.</summary>
    public required string Digest { get; init; }

    public required int Images { get; init; }

    /// <summary>The classes and their images by split, in label order.</summary>
    public required IReadOnlyList<ClassBalance> Classes { get; init; }

    /// <summary>Counts over all groups of duplicates, listed or not.</summary>
    public required DuplicateCounts Duplicates { get; init; }

    /// <summary>Groups of images that are the same, those across splits and classes first; at most <see cref="MaxListed"/>.</summary>
    public required IReadOnlyList<DuplicateGroup> Groups { get; init; }

    /// <summary>Number of images of each fault that there is, listed or not.</summary>
    public required IReadOnlyList<FaultCount> FaultCounts { get; init; }

    /// <summary>The images with a fault, the worst of each first.</summary>
    public required IReadOnlyList<FaultyImage> Faults { get; init; }

    /// <summary>Where the search was bounded, so that something may be missing.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What a network says of the labels; null where none was asked.</summary>
    public LabelDoubts? Labels { get; init; }
}

/// <summary>A class and its images.</summary>
/// <param name="Name">Of the class.</param>
/// <param name="Train">Number of training images.</param>
/// <param name="Validation">Number of validation images.</param>
/// <param name="Test">Number of test images.</param>
public sealed record ClassBalance(string Name, int Train, int Validation, int Test);

/// <summary>An image that a finding names.</summary>
/// <param name="Id">In the data set.</param>
/// <param name="Split">Its split.</param>
/// <param name="Class">Name of its class.</param>
/// <param name="Source">Path inside the archive, for display.</param>
public sealed record HealthImage(string Id, Split Split, string Class, string Source);

/// <summary>Counts of duplicates. An image can be counted in several of them.</summary>
/// <param name="ExactGroups">Groups of equal files.</param>
/// <param name="ExactImages">Images in them that are one too many.</param>
/// <param name="NearGroups">Groups of images that look the same without being equal files.</param>
/// <param name="NearImages">Images in them that are one too many.</param>
/// <param name="LeakedValidation">Validation images that are also training images.</param>
/// <param name="LeakedTest">Test images that are also training images.</param>
/// <param name="Conflicting">Images that are also in another class.</param>
public sealed record DuplicateCounts(
    int ExactGroups, int ExactImages, int NearGroups, int NearImages, int LeakedValidation, int LeakedTest, int Conflicting);

/// <summary>Images that are the same one.</summary>
/// <param name="IsExact">True where the files are equal.</param>
/// <param name="Similarity">The smallest correlation by which one of them was found, 0–1; 1 for equal files.</param>
/// <param name="Images">At least two, at most 50 of the group.</param>
/// <param name="Count">Number of images in the group.</param>
/// <param name="AcrossSplits">True where they are in more than one split.</param>
/// <param name="AcrossClasses">True where they are in more than one class.</param>
public sealed record DuplicateGroup(
    bool IsExact, double Similarity, IReadOnlyList<HealthImage> Images, int Count, bool AcrossSplits, bool AcrossClasses);

/// <summary>What can be wrong with a single image.</summary>
public enum ImageFault
{
    /// <summary>Its file is missing or can no longer be decoded.</summary>
    Unreadable,

    /// <summary>One even surface.</summary>
    Blank,

    /// <summary>Far smaller than the others, and too small to show much.</summary>
    Tiny,

    /// <summary>Far from the other images in size, shape, brightness or colour.</summary>
    Odd,
}

/// <param name="Fault">What is wrong.</param>
/// <param name="Count">With how many images.</param>
public sealed record FaultCount(ImageFault Fault, int Count);

/// <param name="Fault">What is wrong.</param>
/// <param name="Image">With which image.</param>
/// <param name="Reason">The rule and the image's figure.</param>
public sealed record FaultyImage(ImageFault Fault, HealthImage Image, string Reason);
