using CnnService.Core.Architecture;
using CnnService.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Owns a network's tensors. Convolution kernels lie channels last in memory.</summary>
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

    /// <summary>Float32 or float64.</summary>
    internal ScalarType Type { get; }

    /// <summary>The names of what training changes by gradients, in the network's order.</summary>
    internal IReadOnlyList<string> Trained => _trained;

    /// <summary>All tensors, running statistics included, in the network's order.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> All => _all;

    /// <summary>The tensor itself; it stays the network's.</summary>
    internal Tensor this[string name] => _all[name];

    /// <summary>Takes layers out of training: their tensors stay as they are.</summary>
    internal void Freeze(IReadOnlySet<string> layers) => _trained.RemoveAll(name => layers.Contains(name[..name.LastIndexOf('.')]));

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
        var weights = new NamedWeights();
        foreach (var (name, tensor) in _all)
        {
            weights.Add(name, TensorValues.Read(tensor));
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
        var value = torch.tensor(weight.Data, [.. tensor.Shape.Select(size => (long)size)], Type, device: device);
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

/// <summary>One layer's tensors in the type of the arithmetic; gradients arrive at the tensors they were cast from.</summary>
/// <param name="Channel">The one output wanted; null: all.</param>
internal readonly record struct LayerWeights(NetworkTensors Tensors, string Layer, ScalarType Type, int? Channel = null)
{
    /// <summary>A handle to dispose.</summary>
    internal Tensor Cast(string name)
    {
        var all = Master(name);
        using var wanted = Channel is { } one ? all.narrow(0, one, 1) : all.alias();
        return wanted.dtype == Type ? wanted.alias() : wanted.to_type(Type);
    }

    /// <summary>The tensor itself, uncast and whole; it stays the network's.</summary>
    internal Tensor Master(string name) => Tensors[$"{Layer}.{name}"];
}
