using CnnService.Core.Common;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>Pictures as numbers that may lie between the bytes: RGB or grey, 0–1, planes <c>[N,C,H,W]</c>.</summary>
#pragma warning disable CA1819 // The numbers are the point of this type.
public sealed record UnitPictures(int Count, int Channels, int Height, int Width, float[] Values)
#pragma warning restore CA1819
{
    /// <summary>Numbers of one picture.</summary>
    public int Size => Channels * Height * Width;

    public Span<float> this[int picture] => Values.AsSpan(picture * Size, Size);

    public static UnitPictures Of(PixelBuffer picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var area = picture.Width * picture.Height;
        var values = new float[picture.Channels * area];
        for (var channel = 0; channel < picture.Channels; channel++)
        {
            for (var i = 0; i < area; i++)
            {
                values[(channel * area) + i] = picture.Data[(i * picture.Channels) + channel] / 255f;
            }
        }

        return new(1, picture.Channels, picture.Height, picture.Width, values);
    }

    /// <summary>Room for so many pictures of this size.</summary>
    public UnitPictures Empty(int count) => this with { Count = count, Values = new float[count * Size] };

    /// <summary>One picture a color all over.</summary>
    /// <param name="color">One number a channel, 0–1.</param>
    public UnitPictures Flat(IReadOnlyList<float> color)
    {
        ArgumentNullException.ThrowIfNull(color);
        var flat = Empty(1);
        for (var channel = 0; channel < Channels; channel++)
        {
            flat.Values.AsSpan(channel * Height * Width, Height * Width).Fill(color[channel]);
        }

        return flat;
    }
}
