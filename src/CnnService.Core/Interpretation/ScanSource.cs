using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation;

/// <summary>Which images a layer is scanned with.</summary>
/// <param name="Folder">Of the data set.</param>
/// <param name="Dataset">Its manifest.</param>
/// <param name="Split">The part.</param>
/// <param name="Images">So many of it, evenly spread, 1 to <see cref="MaxImages"/>.</param>
public sealed record ScanSource(string Folder, DatasetManifest Dataset, Split Split, int Images)
{
    public const int DefaultImages = 1000;

    public const int MaxImages = 5000;

    /// <summary>What the figures depend on, the network aside.</summary>
    internal string Key => $"{Dataset.Digest} {Split} {Images}";
}
