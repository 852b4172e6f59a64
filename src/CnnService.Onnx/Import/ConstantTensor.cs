namespace CnnService.Onnx.Import;

/// <summary>A tensor that the file holds, or that follows from what it holds. Floats or integers, in C order.</summary>
/// <param name="Dims">Its dimensions; none for a scalar.</param>
/// <param name="Floats">Its values, where they are floats.</param>
/// <param name="Integers">Its values, where they are whole numbers or truth values.</param>
internal sealed record ConstantTensor(IReadOnlyList<long> Dims, float[]? Floats, long[]? Integers)
{
    public static ConstantTensor Of(IReadOnlyList<long> dims, float[] values) => new(dims, values, null);

    public static ConstantTensor Of(IReadOnlyList<long> dims, long[] values) => new(dims, null, values);

    public int Count => Floats?.Length ?? Integers!.Length;

    /// <summary>Whole numbers as floats where they must be.</summary>
    public float[] AsFloats() => Floats ?? [.. Integers!.Select(value => (float)value)];

    /// <summary>The same values under other dimensions.</summary>
    public ConstantTensor Shaped(IReadOnlyList<long> dims) => this with { Dims = dims };

    /// <summary>The values at some places, in that order.</summary>
    public ConstantTensor Pick(IReadOnlyList<long> dims, IReadOnlyList<int> places) => Floats is { } floats
        ? Of(dims, [.. places.Select(place => floats[place])])
        : Of(dims, [.. places.Select(place => Integers![place])]);
}
