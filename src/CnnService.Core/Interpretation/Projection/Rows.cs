using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>Sums over rows of numbers, four lanes wide on every machine, so that the same numbers give the same bits.</summary>
internal static class Rows
{
    public static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var wide = Wide(one);
        var with = Wide(other[..one.Length]);
        var lanes = Vector256<double>.Zero;
        for (var i = 0; i < wide.Length; i++)
        {
            lanes += wide[i] * with[i];
        }

        var sum = Vector256.Sum(lanes);
        for (var i = 4 * wide.Length; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
    }

    public static double SquaredDistance(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var wide = Wide(one);
        var with = Wide(other[..one.Length]);
        var lanes = Vector256<double>.Zero;
        for (var i = 0; i < wide.Length; i++)
        {
            var apart = wide[i] - with[i];
            lanes += apart * apart;
        }

        var sum = Vector256.Sum(lanes);
        for (var i = 4 * wide.Length; i < one.Length; i++)
        {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }

        return sum;
    }

    /// <summary>Adds a multiple of another row.</summary>
    public static void Add(Span<double> row, double factor, ReadOnlySpan<double> other)
    {
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(row);
        var with = Wide(other[..row.Length]);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] += with[i] * factor;
        }

        for (var i = 4 * wide.Length; i < row.Length; i++)
        {
            row[i] += factor * other[i];
        }
    }

    /// <summary>Turns two rows in their plane: the first becomes <c>cos·first - sin·second</c>, the second <c>sin·first + cos·second</c>.</summary>
    public static void Rotate(Span<double> first, Span<double> second, double cos, double sin)
    {
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(first);
        var with = MemoryMarshal.Cast<double, Vector256<double>>(second[..first.Length]);
        for (var i = 0; i < wide.Length; i++)
        {
            (wide[i], with[i]) = ((wide[i] * cos) - (with[i] * sin), (wide[i] * sin) + (with[i] * cos));
        }

        for (var i = 4 * wide.Length; i < first.Length; i++)
        {
            (first[i], second[i]) = ((cos * first[i]) - (sin * second[i]), (sin * first[i]) + (cos * second[i]));
        }
    }

    private static ReadOnlySpan<Vector256<double>> Wide(ReadOnlySpan<double> row) => MemoryMarshal.Cast<double, Vector256<double>>(row);
}
