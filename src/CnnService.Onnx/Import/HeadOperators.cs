using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>The probabilities at the end of a network.</summary>
/// <param name="Logits">The value that softmax or sigmoid is applied to.</param>
/// <param name="Layer">
/// The layer of softmax or sigmoids to append, without inputs; null if one of this service's own exports wrote the function.
/// </param>
internal sealed record ProbabilityOutput(LayerValue Logits, ActivationLayer? Layer) : Value;

/// <summary>Imports the operators at the end of a classifier.</summary>
/// <param name="builder">Receives the layers.</param>
/// <param name="shapes">Flattens maps.</param>
/// <param name="choice">The output, and what it ends in.</param>
internal sealed class HeadOperators(LayerBuilder builder, ShapeOperators shapes, OutputChoice choice)
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

        return End(node, value, ActivationKind.Softmax);
    }

    /// <summary>
    /// The final sigmoid of one of this service's own exports, or the sigmoids that give each class a probability of its own; null for
    /// any other sigmoid.
    /// </summary>
    public Outcome<Value>? Sigmoid(GraphNode node)
    {
        if (node.Layer(0) is not { Order: not ValueOrder.FlatChannelsLast } value)
        {
            return null;
        }

        if (choice.IsMultiLabel && node.InputName(0) == choice.Raw && value.Shape.Elements == value.Shape.Channels)
        {
            return End(node, value, ActivationKind.Sigmoid);
        }

        return value.Shape is { IsMap: false, Channels: 1 } && builder.IsPartOf(node, value, "probabilities")
            ? new ProbabilityOutput(value, null)
            : (Outcome<Value>?)null;
    }

    /// <summary>Ignores an operator that leaves probabilities unchanged; null if the input is not the probabilities.</summary>
    public static Outcome<Value>? PassThrough(GraphNode node) => node.Inputs is [ProbabilityOutput head, ..] ? head : (Outcome<Value>?)null;

    private Outcome<Value> End(GraphNode node, LayerValue value, ActivationKind kind)
    {
        ActivationLayer Create(string name) => new() { Name = builder.ReserveName(name), Activation = kind };
        return value.Shape.IsMap
            ? shapes.AsVector(node, value)
                .Bind<Value>(flat => new ProbabilityOutput((LayerValue)flat, Create($"{node.Name}/{kind.ToWireName()}")))
            : new ProbabilityOutput(value with { Order = ValueOrder.ChannelsFirst }, Create(node.Name));
    }
}
