using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>From interleaved bytes to normalized planes, by a table of 256 values a channel. Immutable, thread safe.</summary>
internal sealed class PlanarInput
{
    private readonly float[][] _tables;
    private readonly bool _reversed;

    public PlanarInput(Preprocessing preprocessing)
    {
        _reversed = preprocessing.ChannelOrder == ChannelOrder.Bgr;
        _tables =
        [
            .. preprocessing.Mean.Zip(preprocessing.Std, (mean, std) =>
                Enumerable.Range(0, 256).Select(value => (float)(((value * preprocessing.Scale) - mean) / std)).ToArray()),
        ];
    }

    /// <summary>Fills <c>[C,H,W]</c> from <c>[H,W,C]</c>.</summary>
    public void Fill(ReadOnlySpan<byte> pixels, Span<float> planes)
    {
        var channels = _tables.Length;
        var area = pixels.Length / channels;
        for (var plane = 0; plane < channels; plane++)
        {
            ReadOnlySpan<float> table = _tables[plane];
            var target = planes.Slice(plane * area, area);
            var source = _reversed ? channels - 1 - plane : plane;
            for (var i = 0; i < target.Length; i++, source += channels)
            {
                target[i] = table[pixels[source]];
            }
        }
    }
}
