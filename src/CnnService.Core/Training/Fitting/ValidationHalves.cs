using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// The two halves of the validation images: one for choices such as a strength, the other to judge with. Drawn by the hash of the image, so
/// that an image stays in its half whatever else is added.
/// </summary>
internal static class ValidationHalves
{
    private const ulong Purpose = 0x48414C5645533031; // "HALVES01"

    /// <summary>Whether choices may be based on the image; else it judges.</summary>
    /// <param name="sha256">SHA-256 of the image, hex.</param>
    public static bool Chooses(string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        var word = ulong.Parse(sha256.AsSpan(0, Math.Min(16, sha256.Length)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return CounterRandom.Hash(Purpose, word) % 2 == 0;
    }

    /// <summary>The places of both halves among the images, in their order.</summary>
    /// <param name="hashes">SHA-256 (hex) of each image.</param>
    internal static (int[] Choosing, int[] Judging) Divide(IEnumerable<string> hashes)
    {
        var halves = hashes.Select((hash, place) => (place, Chooses: Chooses(hash))).ToLookup(half => half.Chooses, half => half.place);
        return ([.. halves[true]], [.. halves[false]]);
    }
}
