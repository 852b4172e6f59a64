using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>The images that a layer is scanned with.</summary>
/// <param name="Folder">Folder of the data set.</param>
/// <param name="Dataset">Manifest of the data set.</param>
/// <param name="Split">The split to scan.</param>
/// <param name="Images">Number of images, evenly spread over the split, 1 to <see cref="MaxImages"/>.</param>
public sealed record ScanSource(string Folder, DatasetManifest Dataset, Split Split, int Images)
{
    public const int DefaultImages = 1000;

    public const int MaxImages = 5000;

    /// <summary>Everything that the numbers depend on besides the network.</summary>
    internal string Key => $"{Dataset.Digest} {Split} {Images}";
}
