using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>The images of a trial: soft colours with noise, each of its own. Deterministic.</summary>
internal static class TrialImages
{
    public const int Count = 2;

    private const ulong Purpose = 0x545249414C5F3031; // "TRIAL_01"

    /// <summary>The bytes of an image, <c>[H,W,C]</c>.</summary>
    public static byte[] Bytes(InputSpec image, int index)
    {
        var random = new CounterRandom(Purpose, (ulong)index);
        var data = new byte[image.Height * image.Width * image.Channels];
        var (rise, run) = (random.NextDouble(0.01, 0.3), random.NextDouble(0.01, 0.3));
        for (var i = 0; i < data.Length; i++)
        {
            var (row, column, channel) = (i / (image.Width * image.Channels), i / image.Channels % image.Width, i % image.Channels);
            var wave = 127.5 + (90 * Math.Sin((rise * row) + (run * column) + (2 * channel) + index));
            data[i] = (byte)Math.Clamp(wave + random.NextDouble(-40, 40), 0, 255);
        }

        return data;
    }

    /// <summary>The same image as planes <c>[C,H,W]</c>, values 0–1.</summary>
    public static float[] Planes(InputSpec image, int index)
    {
        var bytes = Bytes(image, index);
        var area = image.Height * image.Width;
        var planes = new float[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            planes[(i % image.Channels * area) + (i / image.Channels)] = bytes[i] / 255f;
        }

        return planes;
    }
}
