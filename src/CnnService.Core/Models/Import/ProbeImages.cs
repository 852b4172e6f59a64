using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Models.Import;

/// <summary>Generated images for parity checks without a data set: smooth colour gradients with noise. Deterministic.</summary>
internal sealed class ProbeImages(int height, int width, int channels) : IPixelSource
{
    private const ulong Purpose = 0x50524F4245535F31; // "PROBES_1"
    private const int Images = 8;

    private readonly byte[][] _images = [.. Enumerable.Range(0, Images).Select(index => Draw(index, height, width, channels))];

    public int Count => Images;

    public int Height => height;

    public int Width => width;

    public int Channels => channels;

    public int Label(int index) => 0;

    public ReadOnlySpan<byte> Pixels(int index) => _images[index];

    public void Dispose()
    {
        // There is nothing to release.
    }

    private static byte[] Draw(int index, int height, int width, int channels)
    {
        var random = new CounterRandom(Purpose, (ulong)index);
        var data = new byte[height * width * channels];
        var (rise, run, noise) = (random.NextDouble(0.01, 0.2), random.NextDouble(0.01, 0.2), index % 2 == 0 ? 20 : 127);
        for (var i = 0; i < data.Length; i++)
        {
            var (row, column, channel) = (i / (width * channels), i / channels % width, i % channels);
            var wave = 127.5 + (100 * Math.Sin((rise * row) + (run * column) + (2 * channel) + index));
            data[i] = (byte)Math.Clamp(wave + random.NextDouble(-noise, noise), 0, 255);
        }

        return data;
    }
}
