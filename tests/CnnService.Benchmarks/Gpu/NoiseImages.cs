using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Benchmarks.Gpu;

/// <summary>
/// Colour images of noise with horizontal stripes (label 0) or vertical ones (label 1): a few different ones, again and again, so that any
/// number takes little memory.
/// </summary>
internal sealed class NoiseImages(int count, int side) : IPixelSource
{
    private const int Different = 32;

    private readonly byte[][] _images = [.. Enumerable.Range(0, Math.Min(count, Different)).Select(index => Draw(index, side))];

    public int Count => count;

    public int Height => side;

    public int Width => side;

    public int Channels => 3;

    public int Label(int index) => index % 2;

    public ReadOnlySpan<byte> Pixels(int index) => _images[index % Different];

    public void Dispose()
    {
    }

    private static byte[] Draw(int index, int side)
    {
        var random = new CounterRandom(11, (ulong)index);
        var pixels = new byte[side * side * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var line = index % 2 == 0 ? i / 3 / side : i / 3 % side;
            pixels[i] = (byte)((line % 8 < 4 ? 60 : 140) + random.NextInt32(80));
        }

        return pixels;
    }
}
