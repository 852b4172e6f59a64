using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>
/// Folds batch normalizations into the convolutions and dense layers before them:
/// <c>w' = w·γ/√(variance+ε)</c>, <c>b' = (b−mean)·γ/√(variance+ε) + β</c> per output channel. The network's output in evaluation mode is
/// unchanged up to rounding.
/// </summary>
public static class BatchNormalizationFolding
{
    /// <summary>The network without the normalizations that could be folded, and its weights; the preceding layer keeps its name.</summary>
    public static (ResolvedNetwork Network, NamedWeights Weights) Fold(ResolvedNetwork network, NamedWeights weights)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        var folds = network.Layers
            .Where(layer => layer.Spec is BatchNormalizationLayer && CanFoldInto(network, layer.Inputs[0]))
            .ToDictionary(layer => layer.Inputs[0], StringComparer.Ordinal);
        var renamed = folds.ToDictionary(fold => fold.Value.Name, fold => fold.Key, StringComparer.Ordinal);
        var (layers, folded) = (new List<LayerSpec>(), new NamedWeights());
        foreach (var layer in network.Layers.Where(layer => !renamed.ContainsKey(layer.Name)))
        {
            var norm = folds.GetValueOrDefault(layer.Name);
            layers.Add(Spec(layer, norm) with { Inputs = [.. layer.Inputs.Select(input => renamed.GetValueOrDefault(input, input))] });
            Copy(layer, norm, weights, folded);
        }

        var spec = network.Spec with { Layers = layers };
        return (NetworkSpecValidator.Resolve(spec, network.Classes, new ValidationErrors(), allowsMultiLabel: true)
            ?? throw new InvalidOperationException("A folded network breaks rules."), folded);
    }

    /// <summary>Whether a normalization can be folded into this layer: it has weights, no activation, and no other consumer.</summary>
    private static bool CanFoldInto(ResolvedNetwork network, string name) =>
        network.Find(name) is { Spec: Conv2dLayer or DenseLayer } before
        && network.ActivationOf(before) == ActivationKind.Linear
        && network.Layers.Sum(layer => layer.Inputs.Count(input => input == name)) == 1;

    private static LayerSpec Spec(ResolvedLayer layer, ResolvedLayer? norm) => (layer.Spec, norm?.Spec) switch
    {
        (Conv2dLayer conv, BatchNormalizationLayer taken) => conv with { UseBias = true, Activation = taken.Activation },
        (DenseLayer dense, BatchNormalizationLayer taken) => dense with { UseBias = true, Activation = taken.Activation },
        _ => layer.Spec,
    };

    private static void Copy(ResolvedLayer layer, ResolvedLayer? norm, NamedWeights weights, NamedWeights folded)
    {
        if (norm is null)
        {
            foreach (var name in weights.Names.Where(name => NetworkTensor.List(layer).Any(tensor => tensor.Name == name)))
            {
                folded.Add(name, weights[name]);
            }

            return;
        }

        var epsilon = ((BatchNormalizationLayer)norm.Spec).Epsilon;
        float[] Of(string part) => weights[$"{norm.Name}.{part}"].Data;
        var factors = Of("weight").Zip(Of("running_var"), (factor, variance) => factor / Math.Sqrt(variance + epsilon)).ToArray();
        var kernel = weights[$"{layer.Name}.weight"];
        var cells = kernel.Data.Length / factors.Length;
        var bias = weights.Names.Contains($"{layer.Name}.bias") ? weights[$"{layer.Name}.bias"].Data : new float[factors.Length];
        folded.Add($"{layer.Name}.weight", new(kernel.Shape, [.. kernel.Data.Select((value, i) => (float)(value * factors[i / cells]))]));
        folded.Add(
            $"{layer.Name}.bias",
            new([factors.Length],
                [.. factors.Select((factor, i) => (float)(((bias[i] - Of("running_mean")[i]) * factor) + Of("bias")[i]))]));
    }
}
