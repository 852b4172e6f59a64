namespace CnnService.Core.Explaining;

/// <summary>Enlarges maps.</summary>
public static class Resampling
{
    /// <summary>Bilinear, centres of cells aligned as those of pixels; beyond the outermost centres the edge is repeated.</summary>
    public static float[] Bilinear(ReadOnlySpan<float> map, int height, int width, int toHeight, int toWidth)
    {
        var result = new float[toHeight * toWidth];
        for (var y = 0; y < toHeight; y++)
        {
            var (top, bottom, down) = Between(y, toHeight, height);
            for (var x = 0; x < toWidth; x++)
            {
                var (left, right, along) = Between(x, toWidth, width);
                var upper = Mix(map[(top * width) + left], map[(top * width) + right], along);
                var lower = Mix(map[(bottom * width) + left], map[(bottom * width) + right], along);
                result[(y * toWidth) + x] = (float)Mix(upper, lower, down);
            }
        }

        return result;
    }

    private static double Mix(double one, double other, double share) => one + ((other - one) * share);

    private static (int First, int Second, double Share) Between(int cell, int to, int from)
    {
        var place = Math.Clamp(((cell + 0.5) * from / to) - 0.5, 0, from - 1);
        var first = (int)place;
        return (first, Math.Min(first + 1, from - 1), place - first);
    }
}
