using CnnService.Core.Architecture;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// The activations of the layers during one forward pass. Each is released after its last use: without gradients this halves the memory;
/// with gradients autograd retains what the backward pass needs. Not thread safe: one per pass.
/// </summary>
internal sealed class ActivationStore(ExecutionOrder order)
{
    private readonly Dictionary<string, int> _uses = order.Layers.SelectMany(layer => layer.Inputs)
        .GroupBy(name => name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);

    internal void Add(string name, Tensor value) => _values.Add(name, value);

    internal Tensor[] InputsOf(ResolvedLayer layer) => [.. layer.Inputs.Select(name => _values[name])];

    /// <summary>To be called once a layer has consumed its inputs.</summary>
    internal void Release(ResolvedLayer layer)
    {
        foreach (var name in layer.Inputs)
        {
            if (--_uses[name] == 0)
            {
                Take(name).Dispose();
            }
        }
    }

    internal Tensor Take(string name) => _values.Remove(name, out var value) ? value : throw new KeyNotFoundException(name);
}
