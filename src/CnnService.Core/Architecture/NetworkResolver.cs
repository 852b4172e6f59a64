using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>
/// Resolves the layers of a network in one pass, in their order. A layer whose shape is unknown, because it or one of its inputs breaks a
/// rule, causes no follow-up errors: layers that depend on it are validated by their own fields only.
/// </summary>
internal sealed class NetworkResolver
{
    private readonly Dictionary<string, KnownLayer> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _consumed = new(StringComparer.Ordinal);
    private readonly List<string> _order = [NetworkSpec.InputName];
    private readonly int _classes;
    private readonly int _last;
    private readonly ValidationErrors _errors;
    private bool _hasInvalidInputs;

    /// <param name="input">The input image; already validated.</param>
    /// <param name="classes">At least 2, or <see cref="NetworkSpecValidator.NoClasses"/>.</param>
    /// <param name="last">Index of the last layer.</param>
    /// <param name="errors">Receives every broken rule.</param>
    public NetworkResolver(InputSpec? input, int classes, int last, ValidationErrors errors)
    {
        _classes = classes;
        _last = last;
        _errors = errors;
        _known[NetworkSpec.InputName] = errors.Any ? default : new(input!.Shape, ReceptiveFields.SinglePixel);
    }

    /// <summary>Resolves the next layer; null where its shape is unknown.</summary>
    public ResolvedLayer? ResolveNext(LayerSpec layer, int index)
    {
        var errors = _errors.At($"layers[{index}]");
        if (_classes > 0 && layer is DenseLayer { Units.FollowsClasses: true } dense)
        {
            layer = dense with { Units = dense.Units.Resolve(_classes) };
        }

        var names = layer.Inputs ?? [_order[^1]];
        var inputs = Inputs(layer, names, errors);
        var sound = LayerRules.Check(layer, errors) & CheckUnits(layer, errors) & CheckSoftmax(layer, index, errors);
        var resolved = sound && inputs is not null ? Resolve(layer, names, inputs, errors) : null;
        _known[layer.Name!] = resolved is null ? default : new(resolved.OutputShape, resolved.Field);
        _order.Add(layer.Name!);
        return resolved;
    }

    /// <summary>Checks the network as a whole: a single output that fits the number of classes, and its size.</summary>
    /// <param name="layers">As resolved; null where a shape is unknown.</param>
    /// <param name="allowsMultiLabel">Whether several sigmoids are a head.</param>
    public void CheckNetwork(IReadOnlyList<ResolvedLayer?> layers, bool allowsMultiLabel)
    {
        // A misspelt input also leaves the intended layer unused; report it as one error, not two.
        for (var i = 0; i < layers.Count - 1 && !_hasInvalidInputs; i++)
        {
            _errors.At($"layers[{i}]").Require(
                _consumed.Contains(_order[i + 1]),
                "",
                $"must be taken by a later layer: only the last layer is an output, received \"{_order[i + 1]}\" without a taker");
        }

        if (_classes > 0 && layers[^1] is { } last)
        {
            NetworkHeadRules.Check(last, _classes, allowsMultiLabel, _errors.At($"layers[{layers.Count - 1}]"));
        }

        CheckTotal(layers, layer => layer.Parameters, NetworkLimits.Parameters, "trainable parameters");
        CheckTotal(layers, layer => layer.MultiplyAdds, NetworkLimits.MultiplyAdds, "multiply-adds an image");
    }

    private static ResolvedLayer? Resolve(LayerSpec layer, IReadOnlyList<string> names, List<KnownLayer> inputs, ValidationErrors errors)
    {
        TensorShape[] shapes = [.. inputs.Select(input => input.Shape!.Value)];
        if (ShapeInference.Infer(layer, shapes, errors) is not { } output)
        {
            return null;
        }

        var padding = Window.From(layer)?.ResolvePadding(new(shapes[0].Height, shapes[0].Width)).Padding ?? Padding2.Valid;
        return new(
            layer,
            layer.Name!,
            names,
            shapes,
            output,
            padding,
            LayerCost.Parameters(layer, shapes[0]),
            LayerCost.MultiplyAdds(layer, shapes[0], output),
            ReceptiveFields.Next(layer, [.. inputs.Select(input => input.Field)], padding));
    }

    private static bool CheckUnits(LayerSpec layer, ValidationErrors errors) => errors.Require(
        layer is not DenseLayer { Units.FollowsClasses: true }, "units", "must be a number: this network shall have no classes");

    private bool CheckSoftmax(LayerSpec layer, int index, ValidationErrors errors) => errors.Require(
        (index == _last && _classes > 0) || ResolvedNetwork.DeclaredActivation(layer) != ActivationKind.Softmax,
        "activation",
        _classes > 0 ? "softmax is for the last layer only" : "softmax gives classes, and this network shall have none");

    /// <summary>The layer's inputs; null unless the shapes of all of them are known.</summary>
    private List<KnownLayer>? Inputs(LayerSpec layer, IReadOnlyList<string> names, ValidationErrors errors)
    {
        var joins = layer is AddLayer or MultiplyLayer or ConcatenateLayer;
        var (low, high) = joins ? (2, NetworkLimits.Inputs) : (1, 1);
        var rule = joins ? $"must name 2 to {NetworkLimits.Inputs} layers" : "must name one layer";
        if (!errors.Require(names.Count >= low && names.Count <= high, "inputs", $"{rule}, received {names.Count}"))
        {
            _hasInvalidInputs = true;
            return null;
        }

        var inputs = names.Select((name, i) => Input(name, layer.Inputs is null ? "inputs" : $"inputs[{i}]", errors)).ToList();
        return inputs.TrueForAll(input => input.Shape is not null) ? inputs : null;
    }

    private KnownLayer Input(string? name, string field, ValidationErrors errors)
    {
        var known = default(KnownLayer);
        if (errors.Require(
            name is not null && _known.TryGetValue(name, out known),
            field,
            $"must name an earlier layer or \"{NetworkSpec.InputName}\", received {(name is null ? "null" : $"\"{name}\"")}"))
        {
            _consumed.Add(name!);
        }
        else
        {
            _hasInvalidInputs = true;
        }

        return known;
    }

    private void CheckTotal(IReadOnlyList<ResolvedLayer?> layers, Func<ResolvedLayer, long> count, long limit, string what)
    {
        var total = Int128.Zero;
        foreach (var layer in layers)
        {
            total += layer is null ? 0 : count(layer);
        }

        if (total > limit)
        {
            _errors.Add("layers", $"may have at most {limit} {what} in all, received {total}");
        }
    }

    /// <summary>A layer that later ones may take as input; the shape is null where it is unknown.</summary>
    private readonly record struct KnownLayer(TensorShape? Shape, ReceptiveField? Field);
}
