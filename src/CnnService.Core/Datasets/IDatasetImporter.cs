using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Turns an archive, a folder or the generated sample into a data set folder.</summary>
public interface IDatasetImporter
{
    /// <summary>
    /// Imports into <see cref="DatasetImport.Folder"/>: picture files under <c>images/</c>, then <c>manifest.json</c> last.
    /// Pictures that do not decode are listed as rejected; the rest is imported. The decoded pixels go to the cache at
    /// <see cref="DatasetImport.DecodeSize"/> on the way, so that nothing is decoded twice.
    /// </summary>
    /// <param name="import">What and where to.</param>
    /// <param name="progress">Told about once in a hundred pictures.</param>
    /// <param name="cancel">Stops it; the folder is then incomplete (no manifest).</param>
    Outcome<DatasetManifest> Import(DatasetImport import, IProgress<ImportProgress> progress, CancellationToken cancel);
}

/// <summary>An import to carry out.</summary>
public sealed record DatasetImport
{
    public const int UsualDecodeSize = 150;

    public required string Name { get; init; }

    /// <summary>Where it comes from: an archive file, a folder, or <c>shapes</c> for the generated sample.</summary>
    public required DatasetOrigin Origin { get; init; }

    /// <summary>The path of the archive or folder; empty for a sample.</summary>
    public required string Source { get; init; }

    /// <summary>The new data set's folder; exists and is empty.</summary>
    public required string Folder { get; init; }

    /// <summary>Share of each class taken as validation when the source has no split, 0.05 to 0.5.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>
    /// Side, in pixels, that pictures are decoded to for the first cache and the statistics; where the first picture is smaller
    /// in both directions, its longer side takes this one's place.
    /// </summary>
    public int DecodeSize { get; init; } = UsualDecodeSize;

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

/// <param name="Done">Files seen.</param>
/// <param name="Total">Files in all; 0 while not known.</param>
public readonly record struct ImportProgress(int Done, int Total);
