using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Png;

/// <summary>Writes PNG files: 8 bit, sRGB, no alpha; the same input gives the same bytes.</summary>
public interface IPngEncoder
{
    /// <param name="picture">Grey or RGB.</param>
    /// <param name="text">Text chunks in this order; keywords of 1 to 79 Latin-1 characters, such as <c>cnnservice:layer</c>.</param>
    byte[] Encode(PixelBuffer picture, IReadOnlyList<KeyValuePair<string, string>> text);

    /// <summary>An animated PNG that begins anew without end; who knows nothing of such files sees the first frame.</summary>
    /// <param name="frames">At least one, each with how long it is seen (at most 65 s); all of one size and as many channels.</param>
    /// <param name="text">As of <see cref="Encode"/>.</param>
    byte[] Animate(IReadOnlyList<AnimationFrame> frames, IReadOnlyList<KeyValuePair<string, string>> text);
}

/// <param name="Picture">Grey or RGB.</param>
/// <param name="Delay">Until the next frame.</param>
public sealed record AnimationFrame(PixelBuffer Picture, TimeSpan Delay);
