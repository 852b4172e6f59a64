using CnnService.Core.Visualization;

namespace CnnService.Core.Explaining;

/// <summary>Colours of heat maps: a few stops, straight lines between them.</summary>
internal sealed class HeatColors
{
    private readonly Color[] _stops;

    private HeatColors(params ReadOnlySpan<uint> stops)
    {
        _stops = new Color[stops.Length];
        for (var i = 0; i < stops.Length; i++)
        {
            _stops[i] = Color.Of(stops[i]);
        }
    }

    /// <summary>Dark violet over blue, green and yellow to red: no evidence to most.</summary>
    public static HeatColors Rainbow { get; } = new(0x30123B, 0x466BE3, 0x28BBEC, 0x32F298, 0xA4FC3C, 0xEECF3A, 0xFB7E21, 0xD12F05, 0x7A0403);

    /// <summary>Blue against, white neutral, red for.</summary>
    public static HeatColors Signed { get; } = new(0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xFFFFFF, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B, 0x67001F);

    /// <summary>Black over red and orange to pale yellow, even steps to the eye.</summary>
    public static HeatColors Glow { get; } = new(0x000004, 0x1B0C41, 0x4A0C6B, 0x781C6D, 0xA52C60, 0xCF4446, 0xED6925, 0xFB9B06, 0xF7D13D, 0xFCFFA4);

    /// <param name="share">0–1.</param>
    public Color At(double share)
    {
        var place = Math.Clamp(share, 0, 1) * (_stops.Length - 1);
        var first = Math.Min((int)place, _stops.Length - 2);
        var (from, to, rest) = (_stops[first], _stops[first + 1], place - first);
        return new(Between(from.Red, to.Red, rest), Between(from.Green, to.Green, rest), Between(from.Blue, to.Blue, rest));
    }

    private static byte Between(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share), MidpointRounding.AwayFromZero);
}
