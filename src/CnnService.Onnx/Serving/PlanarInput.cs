using System.Numerics.Tensors;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Converts interleaved bytes to normalized planes through a lookup table of 256 values per channel, subtracts the mean image and mixes
/// the channels if the preprocessing has such. Immutable, thread safe.
/// </summary>
internal sealed class PlanarInput
{
    private readonly float[][] _tables;
    private readonly float[]? _offsets;
    private readonly float[][]? _mix;
    private readonly bool _reversed;

    public PlanarInput(Preprocessing preprocessing)
    {
        _reversed = preprocessing.ChannelOrder == ChannelOrder.Bgr;
        var meanImage = preprocessing.MeanImage;
        _tables =
        [
            .. preprocessing.Mean.Zip(preprocessing.Std, (mean, std) => Enumerable.Range(0, 256)
                .Select(value => (float)(((value * preprocessing.Scale) - (meanImage is null ? mean : 0)) / std)).ToArray()),
        ];
        _offsets = meanImage is null ? null : Offsets(meanImage, preprocessing.Std);
        _mix = preprocessing.Matrix?.Select(row => row.Select(share => (float)share).ToArray()).ToArray();
    }

    /// <summary>Writes <c>[C,H,W]</c> from <c>[H,W,C]</c>.</summary>
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

        if (_offsets is not null)
        {
            TensorPrimitives.Subtract(planes[.._offsets.Length], _offsets, planes);
        }

        if (_mix is not null)
        {
            Mix(planes[..area], planes.Slice(area, area), planes.Slice(2 * area, area), _mix[0], _mix[1], _mix[2]);
        }
    }

    private static float[] Offsets(MeanImage meanImage, IReadOnlyList<double> std)
    {
        var area = meanImage.Height * meanImage.Width;
        var offsets = meanImage.Values.ToArray();
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = (float)(offsets[i] / std[i / area]);
        }

        return offsets;
    }

    private static void Mix(Span<float> first, Span<float> second, Span<float> third, float[] toFirst, float[] toSecond, float[] toThird)
    {
        for (var i = 0; i < first.Length; i++)
        {
            var (a, b, c) = (first[i], second[i], third[i]);
            first[i] = (toFirst[0] * a) + (toFirst[1] * b) + (toFirst[2] * c);
            second[i] = (toSecond[0] * a) + (toSecond[1] * b) + (toSecond[2] * c);
            third[i] = (toThird[0] * a) + (toThird[1] * b) + (toThird[2] * c);
        }
    }
}
