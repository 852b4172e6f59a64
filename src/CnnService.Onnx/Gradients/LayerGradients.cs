using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>The backward pass of each kind of layer, including its activation function.</summary>
internal sealed class LayerGradients(GraphBuilder graph, NamedWeights weights)
{
    /// <summary>Propagates the gradient of a layer's output to its inputs.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="gradient">Name of the gradient with respect to the layer's output.</param>
    /// <param name="wanted">Values whose gradients are needed; nothing is computed for other inputs.</param>
    /// <param name="tape">Receives the gradients of the inputs.</param>
    public void Apply(ForwardStep step, string gradient, IReadOnlySet<string> wanted, GradientTape tape)
    {
        var formula = new GradientNodes(graph, $"{step.Layer.Name}/back");
        gradient = ActivationGradients.Apply(formula, step, gradient);
        for (var input = 0; input < step.Inputs.Count; input++)
        {
            if (wanted.Contains(step.Inputs[input]))
            {
                tape.Add(step.Inputs[input], InputGradient(formula, step, input, gradient));
            }
        }
    }

    private string InputGradient(GradientNodes formula, ForwardStep step, int input, string gradient) => step.Layer.Spec switch
    {
        Conv2dLayer conv => WindowGradients.Convolution(formula, step, conv, gradient),
        DenseLayer => formula.Node("MatMul", [gradient, $"{step.Layer.Name}.weight"]),
        BatchNormalizationLayer norm => NormalizationGradients.Batch(formula, step, norm, weights, gradient),
        LayerNormalizationLayer norm => NormalizationGradients.Layer(formula, step, norm, weights, gradient),
        SelectChannelsLayer select => JoinGradients.Select(formula, step, select, gradient),
        LocalResponseNormalizationLayer norm => NormalizationGradients.Response(formula, step, norm, gradient),
        PReluLayer => NormalizationGradients.PRelu(formula, step, weights, gradient),
        MaxPooling2dLayer => WindowGradients.Max(formula, step, gradient),
        AveragePooling2dLayer pool => WindowGradients.Average(formula, step, pool, gradient),
        GlobalAveragePooling2dLayer => WindowGradients.GlobalAverage(formula, step, gradient),
        GlobalMaxPooling2dLayer => WindowGradients.GlobalMax(formula, step, gradient),
        Padding2dLayer pad => WindowGradients.Padding(formula, step, pad, gradient),
        DropoutLayer or ActivationLayer => gradient,
        FlattenLayer => Unflatten(formula, step, gradient),
        AddLayer => JoinGradients.Add(formula, step, input, gradient),
        MultiplyLayer => JoinGradients.Multiply(formula, step, input, gradient),
        ConcatenateLayer => JoinGradients.Concatenate(formula, step, input, gradient),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Layer.Spec.GetType().Name, "has no gradient here"),
    };

    private static string Unflatten(GradientNodes formula, ForwardStep step, string gradient)
    {
        var shape = step.Layer.InputShapes[0];
        return shape.IsMap ? formula.Reshape(gradient, -1, shape.Channels, shape.Height, shape.Width) : gradient;
    }
}
