using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>Grey images of noise with horizontal stripes (label 0) or vertical ones (label 1), at random phase.</summary>
internal sealed class StripedImages(int count, ulong seed, int side = 12) : IPixelSource
{
    private readonly byte[][] _images = [.. Enumerable.Range(0, count).Select(i => Draw(i, seed, side))];

    public int Count => count;

    public int Height => side;

    public int Width => side;

    public int Channels => 1;

    public int Label(int index) => index % 2;

    public ReadOnlySpan<byte> Pixels(int index) => _images[index];

    public void Dispose()
    {
    }

    private static byte[] Draw(int index, ulong seed, int side)
    {
        var random = new CounterRandom(seed, (ulong)index);
        var phase = random.NextInt32(4);
        var pixels = new byte[side * side];
        for (var i = 0; i < pixels.Length; i++)
        {
            var line = index % 2 == 0 ? i / side : i % side;
            pixels[i] = (byte)(((line + phase) % 4 < 2 ? 60 : 140) + random.NextInt32(50));
        }

        return pixels;
    }
}
