using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Adds images to an existing data set.</summary>
public interface IDatasetExtender
{
    /// <summary>
    /// Stores the images and rewrites the manifest atomically: order, digest, notes and statistics become those of an import of everything.
    /// Images that cannot be decoded are reported and left out. Nothing else may write to the folder meanwhile. Problem codes:
    /// <c>dataset.no-images</c> where none can be decoded, <c>storage.full</c>, those of <see cref="DatasetFolder.ReadManifest"/> and of
    /// <see cref="IPixelCache.Open"/>.
    /// </summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="split">The split to add to.</param>
    /// <param name="className">An existing or a new class.</param>
    /// <param name="images">Encoded files with the names their sender gave them.</param>
    /// <param name="cancel">Cancels the addition; the data set is then unchanged.</param>
    Outcome<DatasetAddition> Add(
        string folder, Split split, string className, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images,
        CancellationToken cancel);
}

/// <summary>The result of adding images.</summary>
/// <param name="Manifest">The data set after the addition.</param>
/// <param name="Added">The new images.</param>
/// <param name="Rejected">The images that were left out, and why.</param>
public sealed record DatasetAddition(DatasetManifest Manifest, IReadOnlyList<DatasetImage> Added, IReadOnlyList<RejectedFile> Rejected);
