using System.Globalization;
using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation;

/// <summary>Which pictures a layer is scanned with.</summary>
/// <param name="Folder">Of the data set.</param>
/// <param name="Dataset">Its manifest.</param>
/// <param name="Split">The part.</param>
/// <param name="Pictures">So many of it, evenly spread, 1 to <see cref="Most"/>.</param>
public sealed record ScanSource(string Folder, DatasetManifest Dataset, Split Split, int Pictures)
{
    public const int Usual = 1000;

    public const int Most = 5000;

    /// <summary>What the figures depend on, the network aside.</summary>
    internal string Key => string.Create(CultureInfo.InvariantCulture, $"{Dataset.Digest} {Split} {Pictures}");
}
