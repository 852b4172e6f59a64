using CnnService.Core.Datasets;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Datasets;

/// <summary>A data set in the API. Properties that only a finished import can fill are null before.</summary>
internal sealed record DatasetResource
{
    private const int MaxRejected = 1000;

    public required string Name { get; init; }

    public required DatasetStatus Status { get; init; }

    public required ImportProgress Progress { get; init; }

    /// <summary>Number of the revision: 1 for what was imported, and one more for each change since.</summary>
    public int? Revision { get; init; }

    /// <summary>Of each the number of images that have it.</summary>
    public IReadOnlyList<DatasetClass>? Classes { get; init; }

    /// <summary>Number of images in each split; one may have several labels, or none, where `task` is `multiLabel`.</summary>
    public SplitCounts? Images { get; init; }

    /// <summary>1 for greyscale images, 3 for colour.</summary>
    public int? Channels { get; init; }

    /// <summary>The first 1000 rejected files, with the reasons.</summary>
    public IReadOnlyList<RejectedFile>? Rejected { get; init; }

    public int? RejectedCount { get; init; }

    /// <summary>What the labels were read from.</summary>
    public LayoutKind? Layout { get; init; }

    /// <summary>Whether an image has one label or any number of them.</summary>
    public DatasetTask? Task { get; init; }

    /// <summary>What was decided on reading the layout, then warnings.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>Mean per channel of the training images, 0–1.</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    public IReadOnlyList<double>? Std { get; init; }

    public Failure? Failure { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public long? Bytes { get; init; }

    public static DatasetResource From(DatasetRow row, DatasetManifest? manifest) => new()
    {
        Name = row.Name,
        Status = row.Status,
        Progress = manifest is null
            ? new(row.Done, row.Total)
            : new(manifest.Images.Count + manifest.Rejected.Count, manifest.Images.Count + manifest.Rejected.Count),
        Classes = manifest is null ? null : DatasetClass.All(manifest),
        Images = manifest is null ? null : SplitCounts.Of(manifest.Images),
        Revision = manifest?.Revision.Number,
        Channels = manifest?.Channels,
        Rejected = manifest is null ? null : [.. manifest.Rejected.Take(MaxRejected)],
        RejectedCount = manifest?.Rejected.Count,
        Layout = manifest?.Layout.Kind,
        Task = manifest?.Task,
        Notes = manifest?.Notes,
        Mean = manifest?.Mean,
        Std = manifest?.Std,
        Failure = Failure.From(row.Work.Failure),
        CreatedAt = row.CreatedAt,
        Bytes = manifest?.Bytes,
    };
}

/// <summary>A class with its number of images in each split.</summary>
internal sealed record DatasetClass(string Name, int Train, int Validation, int Test)
{
    public static IReadOnlyList<DatasetClass> All(DatasetManifest manifest)
    {
        var (train, validation, test) = (
            manifest.CountByClass(Split.Train), manifest.CountByClass(Split.Validation), manifest.CountByClass(Split.Test));
        return [.. manifest.Classes.Select((name, index) => new DatasetClass(name, train[index], validation[index], test[index]))];
    }
}

/// <summary>An image of a data set. Width and height in pixels.</summary>
/// <param name="Id">Names it in URLs.</param>
/// <param name="Split">Its split.</param>
/// <param name="Class">Its class, or all of its labels with commas between them.</param>
/// <param name="Labels">Its class, or its labels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="MediaType">Of the file.</param>
/// <param name="Source">Path in what was imported.</param>
/// <param name="Url">The image.</param>
internal sealed record ImageResource(
    string Id, Split Split, string Class, IReadOnlyList<string> Labels, int Width, int Height, string MediaType, string Source,
    string Url)
{
    public static ImageResource From(DatasetManifest manifest, DatasetImage image) => new(
        image.Id, image.Split, manifest.TextOf(image.Label), manifest.NamesOf(image.Label), image.Width, image.Height, image.MediaType,
        image.Source, $"/datasets/{manifest.Name}/images/{image.Id}");
}
