using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>
/// Changes a data set: each change makes a further revision, and those before stay as they are. Changes of one data set wait for each
/// other, also across processes; readers never wait. Problem codes of all: <c>dataset.busy</c> where others change it for too long,
/// <c>storage.full</c>, and those of reading the newest revision. A cancelled change leaves the data set as it was.
/// </summary>
public interface IDatasetEditor
{
    /// <summary>
    /// Adds images. Order, digest, notes and statistics become those of an import of everything. Images that cannot be decoded are reported
    /// and left out. Problem codes: <c>dataset.no-images</c> where none can be decoded,
    /// <c>request.invalid</c> for labels that its images cannot have.
    /// </summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="split">The split to add to.</param>
    /// <param name="labels">An existing or a new class; any number of them where the data set's images have any.</param>
    /// <param name="images">Encoded files with the names their sender gave them.</param>
    /// <param name="cancel">Cancels the addition.</param>
    Task<Outcome<DatasetAddition>> AddAsync(
        string folder, Split split, IReadOnlyList<string> labels, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images,
        CancellationToken cancel);

    /// <summary>
    /// Gives an image other labels; nothing is made where it has them already. A class without images is gone. Problem codes:
    /// <c>image.not-found</c>, <c>dataset.last-label</c>, and <c>request.invalid</c> for labels that its images cannot have.
    /// </summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="id">The image's id, which it keeps.</param>
    /// <param name="labels">An existing or a new class; any number of them where the data set's images have any.</param>
    /// <param name="cancel">Cancels the change.</param>
    Task<Outcome<DatasetManifest>> RelabelAsync(string folder, string id, IReadOnlyList<string> labels, CancellationToken cancel);

    /// <summary>Removes an image. Problem codes: <c>image.not-found</c>, <c>dataset.last-image</c>.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="id">The image's id.</param>
    /// <param name="purge">
    /// Whether the earlier revisions are deleted too, with all image files that are then in none; they must not be in use.
    /// </param>
    /// <param name="cancel">Cancels the change.</param>
    Task<Outcome<DatasetManifest>> RemoveAsync(string folder, string id, bool purge, CancellationToken cancel);
}

/// <summary>The result of adding images.</summary>
/// <param name="Manifest">The data set after the addition.</param>
/// <param name="Added">The new images.</param>
/// <param name="Rejected">The images that were left out, and why.</param>
public sealed record DatasetAddition(DatasetManifest Manifest, IReadOnlyList<DatasetImage> Added, IReadOnlyList<RejectedFile> Rejected);
