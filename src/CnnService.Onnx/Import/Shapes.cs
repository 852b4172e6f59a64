namespace CnnService.Onnx.Import;

/// <summary>Resolves the target of Reshape.</summary>
internal static class Shapes
{
    /// <summary>
    /// The target's dimensions: 0 copies the source's dimension, a single -1 is inferred. Null if the number of elements does not fit.
    /// </summary>
    public static long[]? Resolve(IReadOnlyList<long> from, IReadOnlyList<long> target)
    {
        var elements = from.Aggregate(1L, (a, b) => a * b);
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
