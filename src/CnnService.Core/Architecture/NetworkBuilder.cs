using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Builds a network layer by layer; each layer is validated and its shape inferred when it is added. Not thread safe.</summary>
public sealed class NetworkBuilder
{
    private readonly OrderedDictionary<string, ResolvedLayer> _layers = new(StringComparer.Ordinal);
    private readonly InputSpec _input;
    private readonly ValidationErrors _errors = new();
    private readonly NetworkResolver _resolution;

    public NetworkBuilder(InputSpec input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        _resolution = new(input, NetworkSpecValidator.NoClasses, NetworkLimits.Layers, _errors);
    }

    /// <summary>
    /// Adds a layer, which must have a name and inputs, or replaces the one of that name, which no other layer may take yet.
    /// Problem code: <c>network.layer</c>.
    /// </summary>
    /// <returns>The layer's output shape, for one sample.</returns>
    public Outcome<TensorShape> AddOrReplace(LayerSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (_layers.Count >= NetworkLimits.Layers)
        {
            return Problem.Unprocessable("network.layer", $"A network has at most {NetworkLimits.Layers} layers");
        }

        if (_resolution.ResolveNext(layer, _layers.Count) is not { } resolved)
        {
            return Problem.Unprocessable("network.layer", _errors.ToDictionary().Values.Last()[^1]);
        }

        _layers[layer.Name!] = resolved;
        return resolved.OutputShape;
    }

    /// <summary>Removes a layer that no other layer takes.</summary>
    public void Remove(string name) => _layers.Remove(name);

    /// <summary>The layer of that name; null where there is none (such as for the image).</summary>
    public LayerSpec? Find(string name) => _layers.GetValueOrDefault(name)?.Spec;

    /// <summary>The layers that one layer depends on, as a validated network. Problem code: <c>request.invalid</c>.</summary>
    /// <param name="last">The name of the layer that becomes the output.</param>
    /// <param name="classes">At least 2, or <see cref="NetworkSpecValidator.NoClasses"/>.</param>
    /// <param name="head">Appended as the last layer; null: nothing is.</param>
    public Outcome<ResolvedNetwork> Build(string last, int classes, LayerSpec? head = null)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { last };
        var layers = new List<LayerSpec>();
        foreach (var layer in _layers.Values.Reverse().Where(layer => needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
            layers.Add(layer.Spec);
        }

        layers.Reverse();
        if (head is not null)
        {
            layers.Add(head);
        }

        var errors = new ValidationErrors();
        return NetworkSpecValidator.Resolve(new(_input, layers), classes, errors, allowsMultiLabel: true) is { } network
            ? network
            : Problem.Validation(errors);
    }
}
