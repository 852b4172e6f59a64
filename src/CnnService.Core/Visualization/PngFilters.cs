using CnnService.Core.Common;

namespace CnnService.Core.Visualization;

/// <summary>
/// PNG's row filters; each row takes the one whose result has the smallest sum of absolute values, as the standard advises.
/// </summary>
internal static class PngFilters
{
    private const int Kinds = 5;

    /// <summary>The rows, each led by its filter's number.</summary>
    public static byte[] Apply(PixelBuffer picture)
    {
        var stride = picture.Width * picture.Channels;
        var result = new byte[(stride + 1) * picture.Height];
        var above = new byte[stride];
        var candidate = new byte[stride];
        for (var y = 0; y < picture.Height; y++)
        {
            var row = picture.Data.AsSpan(y * stride, stride);
            var target = result.AsSpan(y * (stride + 1), stride + 1);
            var best = long.MaxValue;
            for (var kind = 0; kind < Kinds; kind++)
            {
                var sum = Filter(kind, row, above, picture.Channels, candidate);
                if (sum < best)
                {
                    best = sum;
                    target[0] = (byte)kind;
                    candidate.CopyTo(target[1..]);
                }
            }

            row.CopyTo(above);
        }

        return result;
    }

    private static long Filter(int kind, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> target)
    {
        long sum = 0;
        for (var i = 0; i < row.Length; i++)
        {
            int left = i >= channels ? row[i - channels] : 0, up = above[i], corner = i >= channels ? above[i - channels] : 0;
            var predicted = kind switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                _ => Paeth(left, up, corner),
            };
            target[i] = (byte)(row[i] - predicted);
            sum += Math.Abs((int)(sbyte)target[i]);
        }

        return sum;
    }

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        int toLeft = Math.Abs(estimate - left), toUp = Math.Abs(estimate - up), toCorner = Math.Abs(estimate - corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
