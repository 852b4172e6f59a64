using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Adds pictures to a data set that is there already.</summary>
public interface IDatasetExtender
{
    /// <summary>
    /// Keeps the pictures and writes the manifest anew, whole or not at all: order, digest, notes and statistics become those that an import
    /// of everything would give. Pictures that do not decode are told and left out. Nothing else may write to the folder meanwhile.
    /// Problem codes: <c>dataset.no-images</c> where none decodes, <c>storage.full</c>, those of <see cref="DatasetFolder.ReadManifest"/>
    /// and of <see cref="IPixelCache.Open"/>.
    /// </summary>
    /// <param name="folder">The data set's.</param>
    /// <param name="split">The part they go to.</param>
    /// <param name="className">A class, a new one too.</param>
    /// <param name="pictures">Files with the names their sender gave them.</param>
    /// <param name="cancel">Stops it; the data set is then as it was.</param>
    Outcome<DatasetAddition> Add(string folder, Split split, string className, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> pictures, CancellationToken cancel);
}

/// <summary>What became of added pictures.</summary>
/// <param name="Manifest">The data set as it is now.</param>
/// <param name="Added">The new pictures.</param>
/// <param name="Rejected">Those that were left out, and why.</param>
public sealed record DatasetAddition(DatasetManifest Manifest, IReadOnlyList<DatasetImage> Added, IReadOnlyList<RejectedFile> Rejected);
