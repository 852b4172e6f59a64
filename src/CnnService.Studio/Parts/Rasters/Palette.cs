using CnnService.Colormaps;

namespace CnnService.Studio.Parts.Rasters;

/// <summary>256 colours for the values of a map, from its lowest to its highest; those that the service draws with.</summary>
internal sealed class Palette
{
    private const int Channels = 3;

    private readonly byte[] _colors;

    private Palette(byte[] colors) => _colors = colors;

    /// <summary>For values from 0 up: dark is none, yellow is most.</summary>
    public static Palette Viridis { get; } = new(Convert.FromHexString(ColormapTables.Viridis));

    /// <summary>For values of both signs: blue is against, white is nothing, red is for.</summary>
    public static Palette BlueRed { get; } = new(Convert.FromHexString(ColormapTables.BlueRed));

    /// <summary>Black to white.</summary>
    public static Palette Gray { get; } = new([.. Enumerable.Range(0, 256).SelectMany(value => Enumerable.Repeat((byte)value, Channels))]);

    /// <summary>Red, green and blue of each value in turn, 768 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _colors;
}
