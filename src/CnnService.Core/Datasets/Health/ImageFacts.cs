using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Health;

/// <summary>What is kept of an image that was looked at: some hundred bytes.</summary>
/// <param name="Hashes">Perceptual hashes of its <see cref="Window.Crops"/>.</param>
/// <param name="Brightness">Mean luma, 0–255.</param>
/// <param name="Contrast">Standard deviation of the luma; 0 for one even surface.</param>
/// <param name="Colourfulness">Mean distance of the largest from the smallest channel, 0–255; 0 for a grey image.</param>
internal sealed record ImageFacts(ulong[] Hashes, float Brightness, float Contrast, float Colourfulness)
{
    /// <param name="pixels">RGB, <see cref="LumaSquare.Side"/> pixels wide and high.</param>
    /// <param name="luma">The same as brightness.</param>
    public static ImageFacts From(PixelBuffer pixels, LumaSquare luma)
    {
        double sum = 0, squares = 0, chroma = 0;
        foreach (var value in luma.Values)
        {
            sum += value;
            squares += value * value;
        }

        for (var i = 0; i < pixels.Data.Length; i += 3)
        {
            var (red, green, blue) = (pixels.Data[i], pixels.Data[i + 1], pixels.Data[i + 2]);
            chroma += Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue));
        }

        var (count, mean) = (luma.Values.Length, sum / luma.Values.Length);
        return new(
            PerceptualHash.OfCrops(luma), (float)mean, (float)Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))),
            (float)(chroma / count));
    }
}
