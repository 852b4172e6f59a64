namespace CnnService.Onnx.Import;

/// <summary>A constant of the graph: an initializer, or a folded value. Floats or integers, in C order.</summary>
/// <param name="Dims">Its dimensions; empty for a scalar.</param>
/// <param name="Floats">The values if they are floating-point numbers, else null.</param>
/// <param name="Integers">The values if they are integers or booleans, else null.</param>
internal sealed record ConstantTensor(IReadOnlyList<long> Dims, float[]? Floats, long[]? Integers)
{
    public static ConstantTensor Create(IReadOnlyList<long> dims, float[] values) => new(dims, values, null);

    public static ConstantTensor Create(IReadOnlyList<long> dims, long[] values) => new(dims, null, values);

    public int Count => Floats?.Length ?? Integers!.Length;

    /// <summary>The values as floats, integers converted.</summary>
    public float[] AsFloats() => Floats ?? [.. Integers!.Select(value => (float)value)];

    /// <summary>The same values with other dimensions of the same product.</summary>
    public ConstantTensor Reshape(IReadOnlyList<long> dims) => this with { Dims = dims };

    /// <summary>The values at the given indices, in that order.</summary>
    public ConstantTensor Gather(IReadOnlyList<long> dims, IReadOnlyList<int> places) => Floats is { } floats
        ? Create(dims, [.. places.Select(place => floats[place])])
        : Create(dims, [.. places.Select(place => Integers![place])]);
}
