using CnnService.Core.Common;

namespace CnnService.Core.Visualization;

/// <summary>Writes PNG files: 8 bit, sRGB, no alpha; the same input gives the same bytes.</summary>
public interface IPngEncoder
{
    /// <param name="picture">Grey or RGB.</param>
    /// <param name="text">Text chunks in this order; keywords of 1 to 79 Latin-1 characters, such as <c>cnnservice:layer</c>.</param>
    byte[] Encode(PixelBuffer picture, IReadOnlyList<KeyValuePair<string, string>> text);
}
