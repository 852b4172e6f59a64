namespace CnnService.Core.Visualization.Explaining;

/// <summary>Enlarges maps by bilinear interpolation, cells being areas (half-pixel centres); the border cells go on outside.</summary>
internal static class BilinearMap
{
    public static float[] Resize(ReadOnlySpan<float> map, int height, int width, int toHeight, int toWidth)
    {
        var result = new float[toHeight * toWidth];
        for (var y = 0; y < toHeight; y++)
        {
            var (top, bottom, down) = Between(y, height, toHeight);
            for (var x = 0; x < toWidth; x++)
            {
                var (left, right, across) = Between(x, width, toWidth);
                var above = Mix(map[(top * width) + left], map[(top * width) + right], across);
                var below = Mix(map[(bottom * width) + left], map[(bottom * width) + right], across);
                result[(y * toWidth) + x] = Mix(above, below, down);
            }
        }

        return result;
    }

    private static (int First, int Second, float Share) Between(int position, int cells, int positions)
    {
        var place = Math.Clamp(((position + 0.5f) * cells / positions) - 0.5f, 0, cells - 1);
        var first = (int)place;
        return (first, Math.Min(first + 1, cells - 1), place - first);
    }

    private static float Mix(float a, float b, float share) => a + ((b - a) * share);
}
