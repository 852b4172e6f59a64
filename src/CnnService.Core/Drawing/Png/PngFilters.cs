using System.Numerics;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Png;

/// <summary>
/// PNG row filters; each row takes the one whose result has the smallest sum of absolute values, the heuristic the standard recommends.
/// Vectorized: otherwise filtering a photograph would take longer than computing it.
/// </summary>
internal static class PngFilters
{
    private const int FilterCount = 5;

    public static FilteredRows Apply(PixelBuffer image)
    {
        var stride = image.Width * image.Channels;
        var result = new byte[(stride + 1) * image.Height];
        var rows = new Rows(stride, image.Channels);
        var left = 0L;
        var candidates = Enumerable.Range(0, FilterCount).Select(_ => new byte[rows.Padded]).ToArray();
        for (var y = 0; y < image.Height; y++)
        {
            rows.Advance(image.Data.AsSpan(y * stride, stride));
            var (best, smallest) = (0, long.MaxValue);
            for (var kind = 0; kind < FilterCount; kind++)
            {
                Filter(kind, rows, candidates[kind]);
                if (AbsoluteSum(candidates[kind].AsSpan(0, stride)) is var size && size < smallest)
                {
                    (best, smallest) = (kind, size);
                }
            }

            left += smallest;
            result[y * (stride + 1)] = (byte)best;
            candidates[best].AsSpan(0, stride).CopyTo(result.AsSpan((y * (stride + 1)) + 1));
        }

        return new(result, left / (double)Math.Max(1, stride * image.Height));
    }

    private static void Filter(int kind, Rows rows, byte[] target)
    {
        for (var i = 0; i < target.Length; i += Vector<byte>.Count)
        {
            var predicted = kind switch
            {
                0 => Vector<byte>.Zero,
                1 => rows.Left(i),
                2 => rows.Up(i),
                3 => Mean(rows.Left(i), rows.Up(i)),
                _ => Paeth(rows.Left(i), rows.Up(i), rows.Corner(i)),
            };
            (rows.Here(i) - predicted).CopyTo(target, i);
        }
    }

    /// <summary>Mean rounded down, without overflow of eight bits.</summary>
    private static Vector<byte> Mean(Vector<byte> one, Vector<byte> other) => (one & other) + ((one ^ other) >>> 1);

    /// <summary>Paeth predictor: the neighbour nearest to left + up - corner; on ties left, then up.</summary>
    private static Vector<byte> Paeth(Vector<byte> left, Vector<byte> up, Vector<byte> corner)
    {
        var (toLeft, toUp) = (Distance(up, corner), Distance(left, corner));
        var isSameWay = Vector.Equals(Vector.GreaterThanOrEqual(up, corner), Vector.GreaterThanOrEqual(left, corner));
        var toCorner = Vector.ConditionalSelect(isSameWay, SaturatedSum(toLeft, toUp), Distance(toLeft, toUp));
        return Vector.ConditionalSelect(
            Vector.LessThanOrEqual(toLeft, Vector.Min(toUp, toCorner)),
            left,
            Vector.ConditionalSelect(Vector.LessThanOrEqual(toUp, toCorner), up, corner));
    }

    private static Vector<byte> Distance(Vector<byte> one, Vector<byte> other) => Vector.Max(one, other) - Vector.Min(one, other);

    /// <summary>Sum clamped to 255, which is enough, since no distance it is compared with is larger.</summary>
    private static Vector<byte> SaturatedSum(Vector<byte> one, Vector<byte> other) => Vector.Min(one, ~other) + other;

    /// <summary>Sum of the absolute values, bytes taken as signed.</summary>
    private static long AbsoluteSum(ReadOnlySpan<byte> values)
    {
        long sum = 0;
        var i = 0;
        for (; i <= values.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var value = new Vector<byte>(values[i..]);
            Vector.Widen(Vector.Min(value, Vector<byte>.Zero - value), out var low, out var high);
            sum += Vector.Sum(low + high);
        }

        for (; i < values.Length; i++)
        {
            sum += Math.Abs((int)(sbyte)values[i]);
        }

        return sum;
    }

    /// <summary>
    /// The current row and the one above, each preceded by a pixel of zeros (left of the image) and padded to whole vectors.
    /// </summary>
    private sealed class Rows(int stride, int channels)
    {
        private byte[] _row = new byte[channels + RoundUpToVector(stride)];
        private byte[] _above = new byte[channels + RoundUpToVector(stride)];

        public int Padded { get; } = RoundUpToVector(stride);

        public void Advance(ReadOnlySpan<byte> row)
        {
            (_row, _above) = (_above, _row);
            row.CopyTo(_row.AsSpan(channels));
        }

        public Vector<byte> Here(int i) => new(_row, channels + i);

        public Vector<byte> Left(int i) => new(_row, i);

        public Vector<byte> Up(int i) => new(_above, channels + i);

        public Vector<byte> Corner(int i) => new(_above, i);

        private static int RoundUpToVector(int stride) => (stride + Vector<byte>.Count - 1) / Vector<byte>.Count * Vector<byte>.Count;
    }
}

/// <param name="Bytes">The filtered rows, each preceded by its filter type.</param>
/// <param name="Roughness">Mean absolute value after filtering: 0 for a single colour, 2 and more for photographs.</param>
internal readonly record struct FilteredRows(byte[] Bytes, double Roughness);
