using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>Placeholder for the pattern of a dead filter, which no input activates: grey with a diagonal hatch.</summary>
internal static class DeadFilterTile
{
    private const byte Ground = 0x80;
    private const byte Stroke = 0x68;
    private const int Period = 8;
    private const int StrokeWidth = 2;

    public static PixelBuffer Render(PixelBuffer original)
    {
        var tile = new PixelBuffer(original.Width, original.Height, original.Channels);
        for (var y = 0; y < tile.Height; y++)
        {
            for (var x = 0; x < tile.Width; x++)
            {
                var value = (x + y) % Period < StrokeWidth ? Stroke : Ground;
                tile.Data.AsSpan(((y * tile.Width) + x) * tile.Channels, tile.Channels).Fill(value);
            }
        }

        return tile;
    }
}
