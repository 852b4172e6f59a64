using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>Imports activation functions and other elementwise operators of one layer's value.</summary>
internal sealed class ActivationOperators(LayerBuilder builder)
{
    /// <summary>Largest magnitude of a bound that a layer may carry.</summary>
    private const double MaxBound = 1e6;

    public Outcome<Value> Activation(GraphNode node)
    {
        if (node.Layer(0) is not { } value)
        {
            return LayerBuilder.Refuse("must take a layer's value");
        }

        return node.Operation switch
        {
            "Relu" => Apply(node, value, new() { Activation = ActivationKind.Relu }),
            "Sigmoid" => Apply(node, value, new() { Activation = ActivationKind.Sigmoid }),
            "Tanh" => Apply(node, value, new() { Activation = ActivationKind.Tanh }),
            "HardSwish" => Apply(node, value, new() { Activation = ActivationKind.HardSwish }),
            "LeakyRelu" => Apply(node, value, new() { Activation = ActivationKind.LeakyRelu, Slope = Number(node, "alpha", 0.01) }),
            "Elu" => Apply(node, value, new() { Activation = ActivationKind.Elu, Slope = Number(node, "alpha", 1) }),
            "HardSigmoid" => Apply(node, value, HardSigmoid(node)),
            "Mish" => Apply(node, value, new() { Activation = ActivationKind.Mish }),
            "Selu" when IsUsualSelu(node) => Apply(node, value, new() { Activation = ActivationKind.Selu }),
            "Gelu" when node.Text("approximate", "none") == "none" => Apply(node, value, new() { Activation = ActivationKind.Gelu }),
            "Gelu" when node.Text("approximate", "none") == "tanh" => Apply(node, value, new() { Activation = ActivationKind.GeluTanh }),
            "Swish" when node.Number("alpha", 1) == 1 => Apply(node, value, new() { Activation = ActivationKind.Silu }),
            _ => LayerBuilder.Refuse("has a form that no activation here has"),
        };
    }

    /// <summary>Whether a node applies a function to each element of its first input, whatever its dimensions.</summary>
    public static bool IsElementwise(GraphNode node) => node.Operation is "Relu" or "Sigmoid" or "Tanh" or "HardSwish" or "LeakyRelu"
        or "Elu" or "Selu" or "Mish" or "HardSigmoid" or "Gelu" or "Swish" or "Clip" or "Dropout" or "Identity" or "Cast";

    public Outcome<Value> Clip(GraphNode node)
    {
        var (low, high) = (Bound(node, "min", 1), Bound(node, "max", 2));
        if (node.Layer(0) is not { } value || (node.Has(1) && low is null) || (node.Has(2) && high is null))
        {
            return LayerBuilder.Refuse("must take a layer's value and constant bounds");
        }

        return (low, high) switch
        {
            (null, null) => value,
            (0, null) => Apply(node, value, new() { Activation = ActivationKind.Relu }),
            (0, 6) => Apply(node, value, new() { Activation = ActivationKind.Relu6 }),
            _ => Apply(node, value, new() { Activation = ActivationKind.Clip, Minimum = low, Maximum = high }),
        };
    }

    /// <summary>The smaller or larger of a layer's values and one constant, as tf2onnx writes the bound of ReLU6.</summary>
    public Outcome<Value> Bound(GraphNode node)
    {
        var value = node.Layer(0) ?? node.Layer(1);
        if (node.Inputs.Count != 2 || value is null || (node.Constant(1) ?? node.Constant(0))?.AsFloats() is not [var number]
            || !(Math.Abs(number) < MaxBound))
        {
            return LayerBuilder.Refuse("must take a layer's value and one constant");
        }

        var bound = WindowOperators.RoundToDecimal(number);
        return builder.Draft.Find(value.Layer) is ActivationLayer { Activation: ActivationKind.Relu } relu && node.Operation == "Min"
            && bound == 6 && builder.IsSingleUser(node, node.Layer(0) is null ? 1 : 0)
                ? WithOrderOf(value, builder.Replace(value, relu with { Activation = ActivationKind.Relu6 }))
                : Apply(node, value, node.Operation == "Min"
                    ? new() { Activation = ActivationKind.Clip, Maximum = bound }
                    : bound == 0 ? new() { Activation = ActivationKind.Relu }
                    : new() { Activation = ActivationKind.Clip, Minimum = bound });
    }

    public Outcome<Value> PRelu(GraphNode node)
    {
        if (node.Layer(0) is not { Order: ValueOrder.ChannelsFirst } value || node.Constant(1) is not { Floats: { } slopes } tensor
            || ChannelConstants.Read(tensor, value) is not { } each)
        {
            return LayerBuilder.Refuse("must take a layer's value and constant slopes, one or one a channel");
        }

        return builder.Add(node, new PReluLayer(), [value], ValueOrder.ChannelsFirst, ("weight", new([each.Length], each)));
    }

    public Outcome<Value> Dropout(GraphNode node)
    {
        var rate = node.Constant(1)?.Floats is [var given] ? given : node.Number("ratio", 0.5);
        return node.Layer(0) is { } value && !node.HasFurtherOutputs && rate is >= 0 and < 1
            ? WithOrderOf(value, builder.Add(node, new DropoutLayer { Rate = WindowOperators.RoundToDecimal(rate) }, [value], value.Order))
            : LayerBuilder.Refuse("must take a layer's value, a rate of 0 to 1, and give no mask");
    }

    /// <summary>Recognizes x·sigmoid(x) as SiLU and x·hardSigmoid(x) as hard swish; null for any other product.</summary>
    public Outcome<Value>? SelfGated(GraphNode node, LayerValue value, LayerValue gate, int gateIndex)
    {
        if (builder.Draft.Find(gate.Layer) is not ActivationLayer { Inputs: [var from] } layer || from != value.Layer
            || value.Order != gate.Order || !builder.IsSingleUser(node, gateIndex))
        {
            return null;
        }

        ActivationKind? kind = ActivationFunction.Create(layer) switch
        {
            { Kind: ActivationKind.Sigmoid } => ActivationKind.Silu,
            { Kind: ActivationKind.HardSigmoid, Slope: var slope, Offset: 0.5 } when Math.Abs(slope - (1.0 / 6)) < 1e-6 =>
                ActivationKind.HardSwish,
            _ => null,
        };
        if (kind is not { } known)
        {
            return null;
        }

        builder.Remove(gate);
        return Apply(node, value, new() { Activation = known });
    }

    /// <summary>
    /// Adds an activation layer; if the node is part of the preceding layer in one of this service's own exports, sets that layer's
    /// function instead.
    /// </summary>
    private Outcome<Value> Apply(GraphNode node, LayerValue value, ActivationLayer activation)
    {
        if (builder.Draft.Find(value.Layer) is ActivatedLayer { Activation: ActivationKind.Linear } before
            && builder.IsPartOf(node, value, "activation")
            && ActivationFunction.Create(activation) == ActivationFunction.Create(activation.Activation))
        {
            return WithOrderOf(value, builder.Replace(value, before with { Activation = activation.Activation }));
        }

        return WithOrderOf(value, builder.Add(node, activation, [value], value.Order));
    }

    /// <summary>Keeps the value's memory order, which elementwise functions do not change.</summary>
    private static Outcome<Value> WithOrderOf(LayerValue value, Outcome<Value> made) =>
        made.Bind<Value>(result => ((LayerValue)result) with { Order = value.Order, Map = value.Map });

    private static bool IsUsualSelu(GraphNode node) =>
        Math.Abs(node.Number("alpha", ActivationFunction.SeluAlpha) - ActivationFunction.SeluAlpha) < 1e-5
        && Math.Abs(node.Number("gamma", ActivationFunction.SeluScale) - ActivationFunction.SeluScale) < 1e-5;

    private static ActivationLayer HardSigmoid(GraphNode node)
    {
        var slope = Number(node, "alpha", 0.2);
        return new()
        {
            Activation = ActivationKind.HardSigmoid,
            Slope = Math.Abs(slope - (1.0 / 6)) < 1e-7 ? 1.0 / 6 : slope,
            Offset = Number(node, "beta", 0.5),
        };
    }

    private static double Number(GraphNode node, string name, double usual) => WindowOperators.RoundToDecimal(node.Number(name, usual));

    private static double? Bound(GraphNode node, string name, int input) =>
        (node.Constant(input)?.AsFloats() is [var given] ? given : node.Attribute(name)?.F) is { } bound && Math.Abs(bound) < MaxBound
        ? WindowOperators.RoundToDecimal(bound)
        : null;
}
