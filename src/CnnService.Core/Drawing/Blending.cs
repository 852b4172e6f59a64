using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>Blends images of one size.</summary>
internal static class Blending
{
    private const int Channels = 3;

    /// <summary>
    /// Lays one image over another where there is something to show: <c>(1-o) under + o over</c> with <c>o = opacity * share</c>, so that
    /// no veil lies over the rest. The result is RGB.
    /// </summary>
    /// <param name="under">Grey or RGB.</param>
    /// <param name="over">RGB.</param>
    /// <param name="share">One a pixel, 0 to 1.</param>
    /// <param name="opacity">Of the strongest, 0 to 1.</param>
    public static PixelBuffer Lay(PixelBuffer under, PixelBuffer over, Func<int, double> share, double opacity)
    {
        var result = new PixelBuffer(under.Width, under.Height, Channels);
        for (var pixel = 0; pixel < under.Width * under.Height; pixel++)
        {
            var o = opacity * Math.Clamp(share(pixel), 0, 1);
            for (var channel = 0; channel < Channels; channel++)
            {
                var i = (pixel * Channels) + channel;
                var below = under.Data[under.Channels == 1 ? pixel : i];
                result.Data[i] = (byte)Math.Round(((1 - o) * below) + (o * over.Data[i]), MidpointRounding.AwayFromZero);
            }
        }

        return result;
    }
}
