using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>A network that grows layer by layer: each is held to the rules, and its shape is known, as soon as it is added.</summary>
public sealed class NetworkDraft
{
    private readonly OrderedDictionary<string, ResolvedLayer> _layers = new(StringComparer.Ordinal);
    private readonly InputSpec _input;
    private readonly ValidationErrors _errors = new();
    private readonly NetworkResolution _resolution;

    public NetworkDraft(InputSpec input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        _resolution = new(input, NetworkSpecValidator.NoClasses, NetworkLimits.Layers, _errors);
    }

    public int Count => _layers.Count;

    /// <summary>Adds a layer with a name and inputs, or puts it in the place of the one of that name, which nobody may take yet.
    /// Problem code: <c>network.layer</c>.</summary>
    public Outcome<TensorShape> Put(LayerSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (_layers.Count >= NetworkLimits.Layers)
        {
            return Problem.Unprocessable("network.layer", $"A network has at most {NetworkLimits.Layers} layers");
        }

        if (_resolution.Take(layer, _layers.Count) is not { } resolved)
        {
            return Problem.Unprocessable("network.layer", _errors.ToDictionary().Values.Last()[^1]);
        }

        _layers[layer.Name!] = resolved;
        return resolved.OutputShape;
    }

    /// <summary>Takes a layer out that nobody takes.</summary>
    public void Remove(string name) => _layers.Remove(name);

    /// <summary>The layer of that name; null for the picture.</summary>
    public LayerSpec? Find(string name) => _layers.GetValueOrDefault(name)?.Spec;

    /// <summary>The layers that lead to one, as a network. Problem code: <c>request.invalid</c>.</summary>
    /// <param name="last">The name of the layer whose value is the network's.</param>
    /// <param name="classes">At least 2, or <see cref="NetworkSpecValidator.NoClasses"/>.</param>
    /// <param name="head">Put behind it, where there is one.</param>
    public Outcome<ResolvedNetwork> Finish(string last, int classes, LayerSpec? head = null)
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
        return NetworkSpecValidator.Resolve(new(_input, layers), classes, errors) is { } network ? network : Problem.Validation(errors);
    }
}
