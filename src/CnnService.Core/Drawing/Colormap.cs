using CnnService.Colormaps;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>A colormap: 256 RGB colours for the values 0–255. Immutable.</summary>
public sealed class Colormap
{
    private const int Channels = 3;

    private readonly byte[] _colors;

    private Colormap(byte[] colors) => _colors = colors;

    public static Colormap Viridis { get; } = new(Convert.FromHexString(ColormapTables.Viridis));

    /// <summary>Improved rainbow colormap, used for heatmaps.</summary>
    public static Colormap Turbo { get; } = new(Convert.FromHexString(ColormapTables.Turbo));

    /// <summary>Black over red to light yellow.</summary>
    public static Colormap Inferno { get; } = new(Convert.FromHexString(ColormapTables.Inferno));

    /// <summary>Diverging: blue over white to red; 127 and 128 are neutral.</summary>
    public static Colormap BlueRed { get; } = new(Convert.FromHexString(ColormapTables.BlueRed));

    public static Colormap Gray { get; } = new([.. Enumerable.Range(0, 256).SelectMany(value => Enumerable.Repeat((byte)value, Channels))]);

    /// <summary>The colour of a value: red, green, blue.</summary>
    public ReadOnlySpan<byte> this[byte value] => _colors.AsSpan(value * Channels, Channels);

    /// <summary>All 256 colours, from the lowest value to the highest.</summary>
    internal IReadOnlyList<Color> Colors =>
        [.. Enumerable.Range(0, 256).Select(value => new Color(_colors[value * Channels], _colors[(value * Channels) + 1],
            _colors[(value * Channels) + 2]))];

    public static Colormap Get(ColormapName name) => name switch
    {
        ColormapName.Viridis => Viridis,
        ColormapName.Gray => Gray,
        ColormapName.Inferno => Inferno,
        ColormapName.Turbo => Turbo,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "is no colour map"),
    };

    /// <summary>Renders a map of values as an RGB image.</summary>
    /// <param name="values">Row by row, <c>width * height</c> values.</param>
    /// <param name="width">Of the image, pixels.</param>
    /// <param name="height">Of the image, pixels.</param>
    public PixelBuffer Apply(ReadOnlySpan<byte> values, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, width * height);
        var image = new PixelBuffer(width, height, Channels);
        for (var i = 0; i < values.Length; i++)
        {
            this[values[i]].CopyTo(image.Data.AsSpan(i * Channels));
        }

        return image;
    }
}
