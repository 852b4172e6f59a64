using CnnService.Core.Architecture;
using CnnService.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Owns a network's parameters and running statistics. Convolution kernels are channels last in memory.</summary>
internal sealed class NetworkTensors : IDisposable
{
    private readonly Dictionary<string, Tensor> _all = new(StringComparer.Ordinal);
    private readonly List<string> _trained = [];

    /// <exception cref="ArgumentException">The weights lack a tensor, or one has the wrong shape.</exception>
    internal NetworkTensors(ResolvedNetwork network, NamedWeights weights, Device device, ScalarType type)
    {
        Type = type;
        using var scope = NewDisposeScope();
        foreach (var tensor in network.Layers.SelectMany(LayerTensors.List))
        {
            _all.Add(tensor.Name, CreateTensor(tensor, Require(weights, tensor), device).DetachFromDisposeScope());
            if (tensor.IsTrained)
            {
                _trained.Add(tensor.Name);
            }
        }
    }

    /// <summary>Float32 or float64; the type of all tensors.</summary>
    internal ScalarType Type { get; }

    /// <summary>Names of the trainable parameters, in the network's order, without those of frozen layers.</summary>
    internal IReadOnlyList<string> Trained => _trained;

    /// <summary>All tensors, running statistics included, in the network's order.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> All => _all;

    /// <summary>The tensor itself, not a copy; it stays owned by this.</summary>
    internal Tensor this[string name] => _all[name];

    /// <summary>Excludes layers from training: their tensors no longer change.</summary>
    internal void Freeze(IReadOnlySet<string> layers) => _trained.RemoveAll(name => layers.Contains(name[..name.LastIndexOf('.')]));

    internal void RequireGradients(bool wanted)
    {
        foreach (var name in _trained)
        {
            _all[name].requires_grad_(wanted);
        }
    }

    /// <summary>A copy of all values, float32 in C order.</summary>
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

    private Tensor CreateTensor(LayerTensor tensor, WeightTensor weight, Device device)
    {
        var value = torch.tensor(weight.Data, [.. tensor.Shape.Select(size => (long)size)], Type, device: device);
        return tensor.Shape.Length == 4 ? ChannelsLast.Convert(value) : value;
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

/// <summary>One layer's tensors, cast to the type of the computation; gradients flow to the tensors they were cast from.</summary>
/// <param name="Tensors">All tensors of the network.</param>
/// <param name="Layer">The layer's name.</param>
/// <param name="Type">The type to compute in.</param>
/// <param name="Channel">Index of the only output channel to compute; null: all.</param>
internal readonly record struct LayerWeights(NetworkTensors Tensors, string Layer, ScalarType Type, int? Channel = null)
{
    /// <summary>The tensor in <see cref="Type"/>, narrowed to <see cref="Channel"/>. The caller disposes it.</summary>
    internal Tensor Cast(string name)
    {
        var all = Master(name);
        using var wanted = Channel is { } one ? all.narrow(0, one, 1) : all.alias();
        return wanted.dtype == Type ? wanted.alias() : wanted.to_type(Type);
    }

    /// <summary>The tensor itself, neither cast nor narrowed; not to be disposed.</summary>
    internal Tensor Master(string name) => Tensors[$"{Layer}.{name}"];
}
