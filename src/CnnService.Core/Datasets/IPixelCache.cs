using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Decoded data sets on disk, one file a (content, size); safe to delete at any time.</summary>
public interface IPixelCache
{
    /// <summary>
    /// Opens the pictures of one split at one size. Builds the cache file first where it is missing or rotten, from the
    /// data set's own files, on all cores.
    /// </summary>
    /// <param name="datasetFolder">The data set's folder, holding <c>manifest.json</c> and <c>images/</c>.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="split">The part wanted; its pictures come in manifest order.</param>
    /// <param name="height">Pixels, 1 to 1024.</param>
    /// <param name="width">Pixels, 1 to 1024.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="cancel">Stops a build; nothing is left behind.</param>
    /// <returns>A failure names the picture whose file is gone or unreadable.</returns>
    Outcome<IPixelSource> Open(
        string datasetFolder, DatasetManifest manifest, Split split, int height, int width, int channels, CancellationToken cancel);

    /// <summary>As <see cref="Open"/>, where the pictures are there at this size already; null where they would have to be decoded.</summary>
    IPixelSource? TryOpen(DatasetManifest manifest, Split split, int height, int width, int channels);
}
