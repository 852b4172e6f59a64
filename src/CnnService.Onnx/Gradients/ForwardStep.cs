using CnnService.Core.Architecture;

namespace CnnService.Onnx.Gradients;

/// <summary>A layer in the forward part of the graph, with the names of its values.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Function">Its activation function.</param>
/// <param name="Inputs">Names of its input values.</param>
/// <param name="Preactivation">Name of its preactivation; equal to <paramref name="Output"/> if it has no activation function.</param>
/// <param name="Output">Name of its activation.</param>
internal sealed record ForwardStep(
    ResolvedLayer Layer, ActivationFunction Function, IReadOnlyList<string> Inputs, string Preactivation, string Output)
{
    public static ForwardStep Create(ResolvedLayer layer, ActivationFunction function, IReadOnlyList<string> inputs, string output) => new(
        layer,
        function,
        inputs,
        layer.Spec is ActivationLayer ? inputs[0] : function.Kind == ActivationKind.Linear ? output : $"{layer.Name}/preactivation",
        output);

    /// <summary>Name of the argmax indices of a max pooling; present only where the backward pass needs them.</summary>
    public string Indices => $"{Layer.Name}/indices";

    public bool UsesAny(IReadOnlySet<string> values) => Inputs.Any(values.Contains);
}
