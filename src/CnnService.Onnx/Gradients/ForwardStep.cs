using CnnService.Core.Architecture;

namespace CnnService.Onnx.Gradients;

/// <summary>A layer as it stands in the forward part of the graph.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Function">Its activation function.</param>
/// <param name="Inputs">The values it takes.</param>
/// <param name="Raw">Its value before the function; the same as <paramref name="Output"/> where there is none.</param>
/// <param name="Output">Its value.</param>
internal sealed record ForwardStep(ResolvedLayer Layer, ActivationFunction Function, IReadOnlyList<string> Inputs, string Raw, string Output)
{
    public static ForwardStep Of(ResolvedLayer layer, ActivationFunction function, IReadOnlyList<string> inputs, string output) => new(
        layer,
        function,
        inputs,
        layer.Spec is ActivationLayer ? inputs[0] : function.Kind == ActivationKind.Linear ? output : $"{layer.Name}/preactivation",
        output);

    /// <summary>Where a max pooling found its values; only where the graph asks for it.</summary>
    public string Indices => $"{Layer.Name}/indices";

    public bool Takes(IReadOnlySet<string> values) => Inputs.Any(values.Contains);
}
