using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Imports an archive, a folder or the generated sample as a data set folder.</summary>
public interface IDatasetImporter
{
    /// <summary>
    /// Imports into <see cref="DatasetImport.Folder"/>: image files under <c>images/</c>, then the first revision last. Images that
    /// cannot be decoded are listed as rejected; the rest is imported. The decoded pixels are written to the cache at
    /// <see cref="DatasetImport.DecodeSize"/> on the way, so that nothing is decoded twice.
    /// </summary>
    /// <param name="import">Source, target and settings.</param>
    /// <param name="progress">Reported about once per hundred images.</param>
    /// <param name="cancel">Cancels the import; the folder is then incomplete (no revision).</param>
    Task<Outcome<DatasetManifest>> ImportAsync(DatasetImport import, IProgress<ImportProgress> progress, CancellationToken cancel);
}

/// <summary>Source, target and settings of an import.</summary>
public sealed record DatasetImport
{
    public const int DefaultDecodeSize = 150;

    public required string Name { get; init; }

    /// <summary>Kind of source: an archive file, a folder, or a generated sample.</summary>
    public required DatasetOrigin Origin { get; init; }

    /// <summary>The path of the archive or folder, or one of <see cref="SampleNames"/>; empty means <c>shapes</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The new data set's folder; exists and is empty.</summary>
    public required string Folder { get; init; }

    /// <summary>Share of each class used for validation when the source has no splits, 0.05 to 0.5.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>
    /// Side, in pixels, that images are decoded to for the first cache and the statistics; where the first image is smaller in both
    /// directions, its longer side is used instead.
    /// </summary>
    public int DecodeSize { get; init; } = DefaultDecodeSize;

    /// <summary>What the sender says about the layout; by default it is detected.</summary>
    public LayoutHints Layout { get; init; } = new();

    /// <summary>
    /// Code page of the names in an archive that does not declare them as UTF-8, such as <c>cp866</c>; null for UTF-8. Names that are not
    /// in it are refused.
    /// </summary>
    public string? NameEncoding { get; init; }

    /// <summary>Decides the split; the same source and seed give the same data set.</summary>
    public long Seed { get; init; }
}

/// <summary>Where a data set comes from.</summary>
public enum DatasetOrigin
{
    Archive,
    Folder,
    Sample,
}

/// <param name="Done">Files processed so far.</param>
/// <param name="Total">Total number of files; 0 while unknown.</param>
public readonly record struct ImportProgress(int Done, int Total);
