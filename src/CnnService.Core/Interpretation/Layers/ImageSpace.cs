using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Layers;

/// <summary>
/// Converts between images for display, <c>[H,W,C]</c>, RGB or grey, 0–1, and the network's input, <c>[C,H,W]</c>, normalized. The
/// conversion is affine, so that gradients are converted back by its transpose. Immutable.
/// </summary>
public sealed class ImageSpace(InputSpec input, Preprocessing preprocessing)
{
    private readonly int _area = input.Height * input.Width;

    public int Length => _area * input.Channels;

    public static float[] Values(PixelBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return [.. image.Data.Select(value => value / 255f)];
    }

    /// <summary>Normalizes an image for the network.</summary>
    /// <param name="image"><c>[H,W,C]</c>, 0–1.</param>
    /// <param name="planes"><c>[C,H,W]</c>.</param>
    public void ToPlanes(ReadOnlySpan<float> image, Span<float> planes)
    {
        var channels = input.Channels;
        for (var plane = 0; plane < channels; plane++)
        {
            var (mean, std, source) = (preprocessing.Mean[plane], preprocessing.Std[plane], Source(plane));
            var own = preprocessing.MeanImage is { } meanImage ? meanImage.Values.Slice(plane * _area, _area) : [];
            for (var i = 0; i < _area; i++)
            {
                var level = image[(i * channels) + source] * 255.0 * preprocessing.Scale;
                planes[(plane * _area) + i] = (float)((level - (own.IsEmpty ? mean : own[i])) / std);
            }
        }

        if (preprocessing.Matrix is { } matrix)
        {
            Mix(planes, (to, from) => matrix[to][from]);
        }
    }

    /// <summary>
    /// Converts a gradient by the normalized planes to one by the image's values in 0–1; <c>[C,H,W]</c> in the order red, green, blue.
    /// </summary>
    public float[] ToImageGradient(ReadOnlySpan<float> gradient)
    {
        var mixed = gradient.ToArray();
        if (preprocessing.Matrix is { } matrix)
        {
            Mix(mixed, (to, from) => matrix[from][to]);
        }

        var result = new float[mixed.Length];
        for (var plane = 0; plane < input.Channels; plane++)
        {
            var factor = 255.0 * preprocessing.Scale / preprocessing.Std[plane];
            for (var i = 0; i < _area; i++)
            {
                result[(Source(plane) * _area) + i] = (float)(mixed[(plane * _area) + i] * factor);
            }
        }

        return result;
    }

    private int Source(int plane) => preprocessing.ChannelOrder == ChannelOrder.Bgr ? input.Channels - 1 - plane : plane;

    private void Mix(Span<float> planes, Func<int, int, double> share)
    {
        Span<double> before = stackalloc double[3];
        for (var i = 0; i < _area; i++)
        {
            for (var from = 0; from < before.Length; from++)
            {
                before[from] = planes[(from * _area) + i];
            }

            for (var to = 0; to < before.Length; to++)
            {
                planes[(to * _area) + i] = (float)((share(to, 0) * before[0]) + (share(to, 1) * before[1]) + (share(to, 2) * before[2]));
            }
        }
    }
}
