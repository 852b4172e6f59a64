namespace CnnService.Onnx.Import;

/// <summary>Resolves the targets of Reshape and Expand.</summary>
internal static class Shapes
{
    /// <summary>The number of elements.</summary>
    public static long Count(IEnumerable<long> dims) => dims.Aggregate(1L, (a, b) => a * b);

    /// <summary>The dimensions of a value that is broadcast to a shape; null if it cannot be.</summary>
    public static long[]? Broadcast(IReadOnlyList<long> from, IReadOnlyList<long> target)
    {
        var rank = Math.Max(from.Count, target.Count);
        var dims = new long[rank];
        for (var i = 1; i <= rank; i++)
        {
            var (own, wanted) = (i <= from.Count ? from[^i] : 1, i <= target.Count ? target[^i] : 1);
            if (own < 1 || wanted < 1 || (own != wanted && own != 1 && wanted != 1))
            {
                return null;
            }

            dims[^i] = Math.Max(own, wanted);
        }

        return dims;
    }

    /// <summary>
    /// The target's dimensions: 0 copies the source's dimension, a single -1 is inferred. Null if the number of elements does not fit.
    /// </summary>
    public static long[]? Resolve(IReadOnlyList<long> from, IReadOnlyList<long> target)
    {
        var elements = Count(from);
        var dims = target.Select((size, i) => size == 0 && i < from.Count ? from[i] : size).ToArray();
        var known = Int128.One;
        foreach (var size in dims.Where(size => size != -1))
        {
            known *= size;
            if (size < 0 || known > elements)
            {
                return null;
            }
        }

        return dims.Count(size => size == -1) switch
        {
            0 => known == elements ? dims : null,
            1 => known > 0 && elements % (long)known == 0 ? [.. dims.Select(size => size == -1 ? elements / (long)known : size)] : null,
            _ => null,
        };
    }
}
