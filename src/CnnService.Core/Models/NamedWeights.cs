using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Models;

/// <summary>
/// Float32 tensors by name, in PyTorch's layout: <c>{layer}.weight</c> (convolution <c>[out,in/groups,h,w]</c>, dense <c>[out,in]</c>,
/// normalizations <c>[C]</c>, elementwise <c>[C,H,W]</c>), <c>{layer}.bias</c>, <c>{layer}.running_mean</c>,
/// <c>{layer}.running_var</c>. Enumerated in insertion order. Not thread safe while tensors are added.
/// </summary>
public sealed class NamedWeights
{
    private readonly OrderedDictionary<string, WeightTensor> _tensors = new(StringComparer.Ordinal);

    public int Count => _tensors.Count;

    public IEnumerable<string> Names => _tensors.Keys;

    public IEnumerable<KeyValuePair<string, WeightTensor>> All => _tensors;

    public WeightTensor this[string name] => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"No tensor '{name}' among {_tensors.Count}.");

    public void Add(string name, WeightTensor tensor) => _tensors.Add(name, tensor);

    /// <summary>Adds a tensor, or replaces the one of that name in its place.</summary>
    public void Set(string name, WeightTensor tensor) => _tensors[name] = tensor;

    public bool TryGet(string name, [NotNullWhen(true)] out WeightTensor? tensor) => _tensors.TryGetValue(name, out tensor);
}

/// <summary>A float32 tensor in row-major order.</summary>
public sealed class WeightTensor
{
    /// <param name="shape">Dimensions, each at least 1.</param>
    /// <param name="data">As many values as the shape says; owned by the tensor from now on, not copied.</param>
    public WeightTensor(IReadOnlyList<int> shape, float[] data)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(data);
        var elements = shape.Aggregate(1L, (product, size) => checked(product * size));
        if (elements != data.LongLength)
        {
            throw new ArgumentException($"The shape [{string.Join(", ", shape)}] needs {elements} values, received {data.Length}.",
                nameof(data));
        }

        Shape = shape;
        Data = data;
    }

    public IReadOnlyList<int> Shape { get; }

#pragma warning disable CA1819 // Weights are handed to native code by their array.
    public float[] Data { get; }
#pragma warning restore CA1819
}
