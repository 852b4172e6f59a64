using CnnService.Core.Architecture;
using CnnService.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Owns a network's tensors: float32 masters (float64 where that is the type of the arithmetic), cast for use where the
/// arithmetic is in a shorter type, so that gradients arrive at the masters.
/// </summary>
internal sealed class NetworkTensors : IDisposable
{
    private readonly Dictionary<string, Tensor> _all = new(StringComparer.Ordinal);
    private readonly List<string> _trained = [];

    /// <exception cref="ArgumentException">A tensor is missing or has another shape.</exception>
    internal NetworkTensors(ResolvedNetwork network, NamedWeights weights, Device device, ScalarType type)
    {
        Type = type;
        using var scope = NewDisposeScope();
        foreach (var tensor in network.Layers.SelectMany(LayerTensors.Of))
        {
            _all.Add(tensor.Name, Place(tensor, Require(weights, tensor), device).DetachFromDisposeScope());
            if (tensor.IsTrained)
            {
                _trained.Add(tensor.Name);
            }
        }
    }

    /// <summary>The type of the arithmetic.</summary>
    internal ScalarType Type { get; }

    /// <summary>The masters' type.</summary>
    internal ScalarType MasterType => Type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The names of what training changes by gradients, in the network's order.</summary>
    internal IReadOnlyList<string> Trained => _trained;

    /// <summary>All tensors, running statistics included, in the network's order.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> All => _all;

    /// <summary>The master itself; it stays the network's.</summary>
    internal Tensor this[string name] => _all[name];

    /// <summary>A handle to dispose, in the type of the arithmetic.</summary>
    internal Tensor Use(string name) => Type == MasterType ? _all[name].alias() : _all[name].to_type(Type);

    internal void RequireGradients(bool wanted)
    {
        foreach (var name in _trained)
        {
            _all[name].requires_grad_(wanted);
        }
    }

    /// <summary>A copy of all values in C order, float32.</summary>
    internal NamedWeights Snapshot()
    {
        using var scope = NewDisposeScope();
        var weights = new NamedWeights();
        foreach (var (name, tensor) in _all)
        {
            var values = tensor.detach().to(ScalarType.Float32).cpu().contiguous();
            weights.Add(name, new([.. tensor.shape.Select(size => checked((int)size))], values.data<float>().ToArray()));
        }

        return weights;
    }

    public void Dispose()
    {
        foreach (var tensor in _all.Values)
        {
            tensor.Dispose();
        }
    }

    private Tensor Place(LayerTensor tensor, WeightTensor weight, Device device)
    {
        var value = torch.tensor(weight.Data, [.. tensor.Shape.Select(size => (long)size)], MasterType, device);
        return tensor.Shape.Length == 4 ? ChannelsLast.Of(value) : value;
    }

    private static WeightTensor Require(NamedWeights weights, LayerTensor tensor)
    {
        if (!weights.TryGet(tensor.Name, out var weight))
        {
            throw new ArgumentException($"The weights lack '{tensor.Name}'.", nameof(weights));
        }

        return weight.Shape.SequenceEqual(tensor.Shape)
            ? weight
            : throw new ArgumentException(
                $"'{tensor.Name}' must have the shape [{string.Join(", ", tensor.Shape)}], received [{string.Join(", ", weight.Shape)}].",
                nameof(weights));
    }
}
