using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>A model's preprocessing of pictures 0–1, and its derivative: both are linear in each pixel. Immutable, thread safe.</summary>
public sealed class UnitPreprocessing
{
    private const double White = 255;

    // Plane p is the sum over channels c of _mix[p][c] times channel c, plus _shift[p].
    private readonly float[][] _mix;
    private readonly float[] _shift;

    public UnitPreprocessing(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var channels = preprocessing.Mean.Count;
        _mix = [.. Enumerable.Range(0, channels).Select(_ => new float[channels])];
        _shift = new float[channels];
        for (var plane = 0; plane < channels; plane++)
        {
            for (var part = 0; part < channels; part++)
            {
                var share = preprocessing.Matrix is { } matrix ? matrix[plane][part] : plane == part ? 1 : 0;
                var source = preprocessing.ChannelOrder == ChannelOrder.Bgr ? channels - 1 - part : part;
                _mix[plane][source] += (float)(share * White * preprocessing.Scale / preprocessing.Std[part]);
                _shift[plane] -= (float)(share * preprocessing.Mean[part] / preprocessing.Std[part]);
            }
        }
    }

    /// <summary>What the network takes, <c>[N,C,H,W]</c>.</summary>
    public float[] ToNetwork(UnitPictures pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var planes = new float[pictures.Values.Length];
        Spread(pictures, (channel, plane) => _mix[plane][channel], pictures.Values, planes);
        var area = pictures.Height * pictures.Width;
        for (var i = 0; i < planes.Length; i += area)
        {
            var shift = _shift[i / area % pictures.Channels];
            foreach (ref var value in planes.AsSpan(i, area))
            {
                value += shift;
            }
        }

        return planes;
    }

    /// <summary>From derivatives by what the network takes to those by the pictures.</summary>
    public float[] FromNetwork(UnitPictures pictures, float[] gradients)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(gradients);
        var result = new float[gradients.Length];
        Spread(pictures, (plane, channel) => _mix[plane][channel], gradients, result);
        return result;
    }

    private static void Spread(UnitPictures form, Func<int, int, float> factor, float[] from, float[] to)
    {
        var area = form.Height * form.Width;
        for (var picture = 0; picture < form.Count; picture++)
        {
            var start = picture * form.Size;
            for (var source = 0; source < form.Channels; source++)
            {
                for (var target = 0; target < form.Channels; target++)
                {
                    if (factor(source, target) is var share and not 0)
                    {
                        var values = from.AsSpan(start + (source * area), area);
                        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(values, share, to.AsSpan(start + (target * area), area), to.AsSpan(start + (target * area), area));
                    }
                }
            }
        }
    }
}
