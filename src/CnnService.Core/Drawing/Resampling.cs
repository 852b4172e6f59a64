using CnnService.Core.Architecture;

namespace CnnService.Core.Drawing;

/// <summary>Upsamples single-channel maps to image resolution.</summary>
public static class Resampling
{
    /// <summary>Bilinear, the map stretched over the whole image; edge values are repeated beyond the outermost cell centres.</summary>
    public static float[] Bilinear(ReadOnlySpan<float> map, int height, int width, int toHeight, int toWidth) =>
        Bilinear(map, height, width, toHeight, toWidth, QueueReservation.Spread(height, toHeight), QueueReservation.Spread(width, toWidth));

    /// <summary>Bilinear, each cell placed at the centre of its receptive field.</summary>
    public static float[] Bilinear(ReadOnlySpan<float> map, int height, int width, int toHeight, int toWidth, ReceptiveField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return Bilinear(map, height, width, toHeight, toWidth, new(field.StartY, field.Jump.Height), new(field.StartX, field.Jump.Width));
    }

    private static float[] Bilinear(
        ReadOnlySpan<float> map, int height, int width, int toHeight, int toWidth, QueueReservation rows, QueueReservation columns)
    {
        var result = new float[toHeight * toWidth];
        for (var y = 0; y < toHeight; y++)
        {
            var (top, bottom, down) = rows.Between(y, height);
            for (var x = 0; x < toWidth; x++)
            {
                var (left, right, along) = columns.Between(x, width);
                var upper = Mix(map[(top * width) + left], map[(top * width) + right], along);
                var lower = Mix(map[(bottom * width) + left], map[(bottom * width) + right], along);
                result[(y * toWidth) + x] = (float)Mix(upper, lower, down);
            }
        }

        return result;
    }

    private static double Mix(double one, double other, double share) => one + ((other - one) * share);

    /// <summary>Positions of cell centres in one direction, in pixels; 0.5 is the middle of the first pixel.</summary>
    private readonly record struct QueueReservation(double Start, double Jump)
    {
        public static QueueReservation Spread(int cells, int pixels) => new((double)pixels / cells / 2, (double)pixels / cells);

        public (int First, int Second, double Share) Between(int pixel, int cells)
        {
            var place = Math.Clamp((pixel + 0.5 - Start) / Jump, 0, cells - 1);
            var first = (int)place;
            return (first, Math.Min(first + 1, cells - 1), place - first);
        }
    }
}
