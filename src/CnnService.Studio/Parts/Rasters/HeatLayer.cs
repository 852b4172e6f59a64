namespace CnnService.Studio.Parts.Rasters;

/// <summary>A map of evidence as a layer over its image: clear where there is none, warm where it speaks for, cold where against.</summary>
internal static class HeatLayer
{
    private const double MostCover = 0.82;

    private const double Bend = 0.7;

    /// <summary>Yellow, orange, red: little, more, most.</summary>
    private static readonly (double R, double G, double B)[] Warm = [(255, 236, 120), (253, 174, 60), (240, 90, 40), (190, 10, 38)];

    private static readonly (double R, double G, double B)[] Cold = [(190, 220, 250), (110, 170, 230), (60, 110, 200), (30, 60, 150)];

    /// <summary>The layer as an address that an image element takes; null where nothing speaks for or against.</summary>
    public static string? ToAddress(NumberMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var largest = Math.Max(map.Max, -map.Min);
        if (!(largest > 0))
        {
            return null;
        }

        var pixels = new byte[4 * map.Values.Length];
        for (var i = 0; i < map.Values.Length; i++)
        {
            Paint(pixels.AsSpan(4 * i, 4), map.Values[i] / largest);
        }

        return PngFile.ToAddress(PngFile.EncodeRgba(pixels, map.Width));
    }

    private static void Paint(Span<byte> pixel, double share)
    {
        var colors = share < 0 ? Cold : Warm;
        var place = Math.Min(Math.Abs(share), 1) * (colors.Length - 1);
        var (low, part) = ((int)place, place - (int)place);
        var (a, b) = (colors[low], colors[Math.Min(low + 1, colors.Length - 1)]);
        pixel[0] = (byte)(a.R + (part * (b.R - a.R)));
        pixel[1] = (byte)(a.G + (part * (b.G - a.G)));
        pixel[2] = (byte)(a.B + (part * (b.B - a.B)));
        pixel[3] = (byte)(255 * MostCover * Math.Pow(Math.Min(Math.Abs(share), 1), Bend));
    }
}
