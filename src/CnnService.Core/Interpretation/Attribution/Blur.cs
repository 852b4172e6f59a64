using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Gaussian blur with clamped borders.</summary>
public static class Blur
{
    /// <param name="image"><c>[H,W,C]</c>.</param>
    /// <param name="size">Size of the image.</param>
    /// <param name="sigma">Standard deviation in pixels, above 0.</param>
    public static float[] Apply(float[] image, InputSpec size, double sigma)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(size);
        var kernel = Kernel(sigma);
        var rows = Along(image, kernel, size.Height, size.Width * size.Channels);
        return Along(rows, kernel, size.Width, size.Channels);
    }

    private static float[] Kernel(double sigma)
    {
        var reach = (int)Math.Ceiling(3 * sigma);
        double[] weights = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma)))];
        var sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    /// <summary>Convolves along one axis, whose neighbouring cells lie <paramref name="step"/> elements apart.</summary>
    private static float[] Along(float[] values, float[] kernel, int cells, int step)
    {
        var result = new float[values.Length];
        var reach = kernel.Length / 2;
        for (var i = 0; i < values.Length; i++)
        {
            var cell = i / step % cells;
            var start = i - (cell * step);
            var sum = 0f;
            for (var k = 0; k < kernel.Length; k++)
            {
                sum += kernel[k] * values[start + (Math.Clamp(cell + k - reach, 0, cells - 1) * step)];
            }

            result[i] = sum;
        }

        return result;
    }
}
