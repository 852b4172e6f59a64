using CnnService.Core.Datasets;

namespace CnnService.Engine.Tests.Torch.Augmenting;

/// <summary>Bilinear sampling from its definition: four pixels of the endlessly continued image, weighted by nearness.</summary>
internal static class NaiveSample
{
    internal static double At(ReadOnlySpan<float> plane, int width, int height, double x, double y, FillMode fill)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (right, down) = (x - left, y - top);
        return ((1 - down) * (((1 - right) * Pixel(plane, width, height, left, top, fill))
            + (right * Pixel(plane, width, height, left + 1, top, fill))))
            + (down * (((1 - right) * Pixel(plane, width, height, left, top + 1, fill))
                + (right * Pixel(plane, width, height, left + 1, top + 1, fill))));
    }

    private static double Pixel(ReadOnlySpan<float> plane, int width, int height, int x, int y, FillMode fill)
    {
        var isInside = x >= 0 && x < width && y >= 0 && y < height;
        return fill == FillMode.Zeros && !isInside ? 0 : plane[(Inside(y, height, fill) * width) + Inside(x, width, fill)];
    }

    /// <summary>Edge: the nearest pixel. Reflect: d c b a | a b c d | d c b a.</summary>
    private static int Inside(int at, int side, FillMode fill)
    {
        if (fill != FillMode.Reflect)
        {
            return Math.Clamp(at, 0, side - 1);
        }

        var lap = ((at % (2 * side)) + (2 * side)) % (2 * side);
        return lap < side ? lap : (2 * side) - 1 - lap;
    }
}
