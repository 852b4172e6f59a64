using CnnService.Core.Drawing;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Colours of heat maps.</summary>
/// <param name="map">Its 256 colours.</param>
internal sealed class HeatColors(Colormap map)
{
    /// <summary>Dark violet over blue, green and yellow to red: no evidence to most.</summary>
    public static HeatColors Rainbow { get; } = new(Colormap.Turbo);

    /// <summary>Blue against, white neutral, red for.</summary>
    public static HeatColors Signed { get; } = new(Colormap.BlueRed);

    /// <summary>Black over red and orange to pale yellow, even steps to the eye.</summary>
    public static HeatColors Glow { get; } = new(Colormap.Inferno);

    /// <param name="share">0–1.</param>
    public Color At(double share)
    {
        var color = map[(byte)Math.Round(255 * Math.Clamp(share, 0, 1))];
        return new(color[0], color[1], color[2]);
    }
}
