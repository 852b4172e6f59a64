using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>The probabilities at the end of a network.</summary>
/// <param name="Logits">The value that softmax or sigmoid is applied to.</param>
/// <param name="Layer">The softmax layer to append, without inputs; null if one of this service's own exports wrote the function.</param>
internal sealed record ProbabilityOutput(LayerValue Logits, ActivationLayer? Layer) : Value;

/// <summary>Imports the operators at the end of a classifier.</summary>
internal sealed class HeadOperators(LayerBuilder builder, ShapeOperators shapes)
{
    public Outcome<Value> Softmax(GraphNode node)
    {
        if (node.Layer(0) is not { Order: not ValueOrder.FlatChannelsLast } value || value.Shape.Elements != value.Shape.Channels
            || value.Axis(node.Integer("axis", node.OperatorSet < 13 ? 1 : -1)) != value.ChannelAxis)
        {
            return LayerBuilder.Refuse("must give the probabilities of classes, at the network's end");
        }

        if (!value.Shape.IsMap && builder.IsPartOf(node, value, "probabilities"))
        {
            return new ProbabilityOutput(value, null);
        }

        return value.Shape.IsMap
            ? shapes.AsVector(node, value)
                .Bind<Value>(flat => new ProbabilityOutput((LayerValue)flat, CreateSoftmax($"{node.Name}/softmax")))
            : new ProbabilityOutput(value with { Order = ValueOrder.ChannelsFirst }, CreateSoftmax(node.Name));
    }

    /// <summary>The final sigmoid of one of this service's own exports; null for any other sigmoid.</summary>
    public Outcome<Value>? Sigmoid(GraphNode node) =>
        node.Layer(0) is { Shape: { IsMap: false, Channels: 1 } } value && builder.IsPartOf(node, value, "probabilities")
            ? new ProbabilityOutput(value, null)
            : (Outcome<Value>?)null;

    /// <summary>Ignores an operator that leaves probabilities unchanged; null if the input is not the probabilities.</summary>
    public static Outcome<Value>? PassThrough(GraphNode node) => node.Inputs is [ProbabilityOutput head, ..] ? head : (Outcome<Value>?)null;

    private ActivationLayer CreateSoftmax(string name) => new() { Name = builder.ReserveName(name), Activation = ActivationKind.Softmax };
}
