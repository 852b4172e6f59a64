using CnnService.Core.Drawing;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Colour palettes of heat maps.</summary>
/// <param name="map">A colormap of 256 colours.</param>
internal sealed class HeatColors(Colormap map)
{
    /// <summary>Turbo: dark violet for no evidence, over blue, green and yellow to red for the most.</summary>
    public static HeatColors Rainbow { get; } = new(Colormap.Turbo);

    /// <summary>Diverging: blue against the class, white neutral, red for it.</summary>
    public static HeatColors Signed { get; } = new(Colormap.BlueRed);

    /// <summary>Inferno: black over red and orange to pale yellow, perceptually uniform.</summary>
    public static HeatColors Glow { get; } = new(Colormap.Inferno);

    /// <summary>From the lowest value to the highest.</summary>
    public IReadOnlyList<Color> Colors => map.Colors;

    /// <param name="share">Position in the palette, 0–1.</param>
    public Color At(double share)
    {
        var color = map[(byte)Math.Round(255 * Math.Clamp(share, 0, 1))];
        return new(color[0], color[1], color[2]);
    }
}
