using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Pages.Tour.Arithmetic;

/// <summary>
/// A small picture that the tour's filters are tried on: a house, a sun, a fence, hills. Drawn here, so that the arithmetic of the first
/// steps needs no service.
/// </summary>
internal static class DrawnScene
{
    /// <summary>Pixels of a side.</summary>
    public const int Side = 96;

    /// <summary>Each pixel is the mean of this many points a side, which smooths the edges.</summary>
    private const int Points = 3;

    private static readonly double[][] Pixels = [.. Enumerable.Range(0, Side * Side).Select(Pixel)];

    /// <summary>Red, green and blue, each 0–1.</summary>
    public static IReadOnlyList<NumberMap> Channels { get; } =
        [.. Enumerable.Range(0, 3).Select(channel => new NumberMap([.. Pixels.Select(pixel => (float)pixel[channel])], Side))];

    /// <summary>The picture, as an address that an image element takes.</summary>
    public static string Address { get; } = PngFile.ToAddress(PngFile.EncodeRgb(
        Pixels.SelectMany(pixel => pixel.Select(value => (byte)Math.Round(255 * value))).ToArray(), Side));

    private static double[] Pixel(int place)
    {
        var sum = new double[3];
        for (var point = 0; point < Points * Points; point++)
        {
            var x = ((place % Side) + (((point % Points) + 0.5) / Points)) / Side;
            var y = ((place / Side) + (((point / Points) + 0.5) / Points)) / Side;
            var color = Color(x, y);
            for (var channel = 0; channel < 3; channel++)
            {
                sum[channel] += ((color >> (16 - (8 * channel))) & 0xFF) / 255.0 / (Points * Points);
            }
        }

        return sum;
    }

    /// <summary>The colour at a point, 0–1 from the upper left corner: what is in front first.</summary>
    private static int Color(double x, double y) =>
        House(x, y) ?? Fence(x, y) ?? (IsIn(x, y, 0.83, 0.62, 0.11) || IsIn(x, y, 0.76, 0.68, 0.08) ? 0x2F7D4F
            : x is > 0.81 and < 0.85 && y is > 0.7 and < 0.84 ? 0x6B4A32
            : y > 0.8 + (0.02 * Math.Sin(9 * x)) ? 0x8CB85C
            : y > 0.66 - (0.13 * Math.Sin((4.2 * x) + 0.4)) ? 0x5E9A6B
            : IsIn(x, y, 0.8, 0.2, 0.09) ? 0xF6C945
            : IsIn(x, y, 0.2, 0.2, 0.06) || IsIn(x, y, 0.28, 0.18, 0.075) || IsIn(x, y, 0.36, 0.21, 0.055) ? 0xF7F9FA
            : y < 0.25 ? 0x7FB6DD : y < 0.45 ? 0x9CC7E4 : 0xBBD9EB);

    private static int? House(double x, double y)
    {
        var isRoof = y is > 0.34 and < 0.54 && Math.Abs(x - 0.45) < (y - 0.34) * 1.25;
        var isWall = x is > 0.26 and < 0.64 && y is >= 0.54 and < 0.86;
        var isDoor = x is > 0.46 and < 0.55 && y > 0.68;
        var isWindow = x is > 0.3 and < 0.41 && y is > 0.6 and < 0.72;
        var isBar = x is > 0.35 and < 0.362 || y is > 0.655 and < 0.667;
        return x is > 0.56 and < 0.61 && y is > 0.33 and < 0.48 && !isRoof ? 0x8A3B2E
            : isRoof ? 0xB5493A
            : !isWall ? null
            : isDoor ? 0x5A3A29
            : isWindow ? (isBar ? 0xF4EFE6 : 0x34506B)
            : 0xF1DFC0;
    }

    private static int? Fence(double x, double y)
    {
        var isPost = (x * 24) % 1 < 0.42 && y is > 0.82 and < 0.95;
        var isRail = y is > 0.85 and < 0.868 or > 0.905 and < 0.923;
        return isPost || isRail ? 0xFBFBF8 : null;
    }

    private static bool IsIn(double x, double y, double centreX, double centreY, double radius) =>
        Math.Pow(x - centreX, 2) + Math.Pow(y - centreY, 2) < radius * radius;
}
