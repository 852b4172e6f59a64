using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Tells what an import would give, without importing.</summary>
public interface IDatasetInspector
{
    /// <summary>
    /// Reads the whole source and the header of each image; pixels are not decoded, so that an image that is damaged behind its header is
    /// found by the import only. Problems: those of <see cref="IDatasetImporter.ImportAsync"/>, and <c>dataset.inspection-too-slow</c>.
    /// </summary>
    /// <param name="import">As for an import; <see cref="DatasetImport.Folder"/> is not used.</param>
    /// <param name="cancel">Cancels the inspection.</param>
    Task<Outcome<DatasetInspection>> InspectAsync(DatasetImport import, CancellationToken cancel);

    /// <summary>The same as a manifest, such as plans are made for: its statistics of colours are those of no pixels.</summary>
    /// <inheritdoc cref="InspectAsync"/>
    Task<Outcome<DatasetManifest>> ReadAsync(DatasetImport import, CancellationToken cancel);
}
