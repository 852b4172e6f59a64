using System.Globalization;

namespace CnnService.Core.Datasets;

/// <summary>Ids of images: the beginning of the content's hash, and a counter for content that a data set holds more than once.</summary>
public static class ImageId
{
    private const int HashDigits = 20;

    /// <param name="sha256">Of the file, hex.</param>
    /// <param name="again">How many images before have the same beginning.</param>
    public static string Create(string sha256, int again)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        return again == 0 ? sha256[..HashDigits] : string.Create(CultureInfo.InvariantCulture, $"{sha256[..HashDigits]}-{again}");
    }
}
