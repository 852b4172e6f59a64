using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Disk cache of decoded data sets, one file per content and size; safe to delete at any time.</summary>
public interface IPixelCache
{
    /// <summary>
    /// Opens the images of one split at one size. A missing or corrupt cache file is first rebuilt from the data set's own files, on
    /// all cores.
    /// </summary>
    /// <param name="datasetFolder">The data set's folder.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="split">The split to open; images come in manifest order.</param>
    /// <param name="height">Pixels, 1 to 1024.</param>
    /// <param name="width">Pixels, 1 to 1024.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="cancel">Cancels a rebuild; nothing is left behind.</param>
    /// <param name="decoded">Told of the number of images as they are decoded, from several threads; null: nobody asks.</param>
    /// <returns>A failure names the image whose file is missing or unreadable.</returns>
    Outcome<IPixelSource> Open(
        string datasetFolder, DatasetManifest manifest, Split split, int height, int width, int channels, CancellationToken cancel,
        IProgress<int>? decoded = null);

    /// <summary>As <see cref="Open"/>, if the cache file of this size exists; null where images would have to be decoded.</summary>
    IPixelSource? TryOpen(DatasetManifest manifest, Split split, int height, int width, int channels);
}
