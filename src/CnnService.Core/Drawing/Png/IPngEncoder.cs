using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Png;

/// <summary>Writes PNG files: 8 bit, sRGB, no alpha. Deterministic: the same input gives the same bytes. Thread safe.</summary>
public interface IPngEncoder
{
    /// <param name="image">Grey or RGB.</param>
    /// <param name="text">Text chunks in this order; keywords of 1 to 79 Latin-1 characters, such as <c>cnnservice:layer</c>.</param>
    byte[] Encode(PixelBuffer image, IReadOnlyList<KeyValuePair<string, string>> text);

    /// <summary>Writes an animated PNG that loops forever; viewers without support for animation show the first frame.</summary>
    /// <param name="frames">At least one, each with its delay (at most 65.535 s); all of one size and number of channels.</param>
    /// <param name="text">As in <see cref="Encode"/>.</param>
    byte[] EncodeAnimation(IReadOnlyList<AnimationFrame> frames, IReadOnlyList<KeyValuePair<string, string>> text);
}

/// <param name="Image">Grey or RGB.</param>
/// <param name="Delay">Time until the next frame.</param>
public sealed record AnimationFrame(PixelBuffer Image, TimeSpan Delay);
