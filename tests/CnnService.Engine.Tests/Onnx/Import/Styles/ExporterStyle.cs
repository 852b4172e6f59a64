using CnnService.Core.Common;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>
/// Writes random convolutional networks as one exporter would: the same blocks for all, in the operators, names and shapes of each.
/// One object writes one network.
/// </summary>
internal abstract class ExporterStyle(ulong seed)
{
    private CounterRandom _random = new(0x5354594C45, seed);
    private bool _hasForeign;

    protected GraphBuilder Builder { get; } = new("main_graph");

    protected GraphProto Graph => Builder.Graph;

    protected abstract int OperatorSet { get; }

    public Generated Create()
    {
        var map = Image(Chance(0.3) ? 1 : 3, 14 + Next(8), 14 + Next(8));
        for (var blocks = 1 + Next(4); blocks > 0; blocks--)
        {
            map = Block(map);
        }

        if (Chance(0.05))
        {
            _hasForeign = true;
            map = map with { Name = Node("Sin", [map.Name]) };
        }

        var (output, end) = Head(map);
        var model = new ModelProto { IrVersion = 8, Graph = Graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        Graph.Output.Add(GraphBuilder.FloatValue(output));
        Finish(model);
        return new(model, end, _hasForeign);
    }

    protected int Next(int bound) => _random.NextInt32(bound);

    protected bool Chance(double share) => _random.NextDouble() < share;

    protected T Any<T>(params T[] choices) => choices[Next(choices.Length)];

    /// <summary>The name of the next node.</summary>
    protected abstract string NameOf(string operation, int number);

    protected virtual void Finish(ModelProto model)
    {
    }

    protected virtual MapValue Image(int channels, int height, int width)
    {
        Graph.Input.Add(GraphBuilder.Value("input", Core.Architecture.TensorShape.Map(channels, height, width)));
        return new("input", channels, height, width);
    }

    protected abstract string Activation(string value, int channels);

    /// <summary>The network's end from its last map: the output, and what it is.</summary>
    protected abstract (string Output, GeneratedEnd End) Head(MapValue map);

    protected virtual MapValue Normalization(MapValue map)
    {
        var positive = Enumerable.Range(0, map.Channels).Select(_ => (float)_random.NextDouble(0.5, 1.5)).ToArray();
        return map with
        {
            Name = Node("BatchNormalization",
                [map.Name, Weights(1, map.Channels), Weights(1, map.Channels), Weights(1, map.Channels), Floats(positive, map.Channels)],
                Attributes.Number("epsilon", 1e-5f)),
        };
    }

    protected virtual MapValue Convolution(MapValue map, int filters, int kernel, int stride, int groups = 1)
    {
        var pad = kernel / 2;
        var depth = map.Channels / groups;
        string[] bias = Chance(0.7) ? [Weights(1, filters)] : [];
        var name = Node("Conv", [map.Name, Weights(depth * kernel * kernel, filters, depth, kernel, kernel), .. bias],
            Attributes.Numbers("kernel_shape", kernel, kernel), Attributes.Numbers("strides", stride, stride),
            Attributes.Numbers("pads", pad, pad, pad, pad), Attributes.Numbers("dilations", 1, 1),
            Attributes.Number("group", (long)groups));
        return new(name, filters, ((map.Height - 1) / stride) + 1, ((map.Width - 1) / stride) + 1);
    }

    protected virtual MapValue Pooling(MapValue map)
    {
        var name = Node(Any("MaxPool", "AveragePool"), [map.Name], Attributes.Numbers("kernel_shape", 2, 2),
            Attributes.Numbers("strides", 2, 2));
        return new(name, map.Channels, map.Height / 2, map.Width / 2);
    }

    protected virtual MapValue Gate(MapValue map)
    {
        var pooled = new MapValue(Node("GlobalAveragePool", [map.Name]), map.Channels, 1, 1);
        var gate = Convolution(pooled with { Name = Node("Relu", [Convolution(pooled, 3, 1, 1).Name]), Channels = 3 }, map.Channels, 1, 1);
        return map with { Name = Node("Mul", [map.Name, Node("Sigmoid", [gate.Name])]) };
    }

    protected MapValue Active(MapValue map) => map with { Name = Activation(map.Name, map.Channels) };

    protected string Node(string operation, string[] inputs, params AttributeProto[] attributes)
    {
        var number = Graph.Node.Count;
        var name = NameOf(operation, number);
        return Builder.Node(operation, name, OutputOf(name, number), inputs, attributes);
    }

    protected virtual string OutputOf(string node, int number) => $"{node}_output_0";

    /// <summary>Random weights that keep the size of what they are summed over.</summary>
    protected string Weights(int fan, params long[] shape)
    {
        var scale = 1.2 / Math.Sqrt(fan);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)_random.NextDouble(-scale, scale);
        }

        return Floats(values, shape);
    }

    protected virtual string Floats(float[] values, params long[] shape) =>
        Builder.Weights($"onnx::w_{Graph.Initializer.Count}", values, shape);

    protected virtual string Integers(params long[] values) => Builder.Integers($"onnx::i_{Graph.Initializer.Count}", values);

    protected string Number(float value) => Floats([value]);

    /// <summary>A block of ConvNeXt: normalized and multiplied with the channels last.</summary>
    private MapValue Refined(MapValue map)
    {
        var (channels, wide) = (map.Channels, 2 * map.Channels);
        var last = Node("Transpose", [Convolution(map, channels, 3, 1, channels).Name], Attributes.Numbers("perm", 0, 2, 3, 1));
        var spread = Node("Add", [Node("MatMul", [Normal(last, channels), Weights(channels, channels, wide)]), Weights(1, wide)]);
        var active = Chance(0.5) ? Node("Relu", [spread]) : GeluByTanh(spread);
        var narrow = Node("Add", [Node("MatMul", [active, Weights(wide, wide, channels)]), Weights(1, channels)]);
        return map with
        {
            Name = Node("Add", [Node("Transpose", [narrow], Attributes.Numbers("perm", 0, 3, 1, 2)), map.Name])
        };
    }

    /// <summary>Normalizes the channels, which stand last, at each place.</summary>
    private string Normal(string value, int channels)
    {
        string[] factors = [Weights(1, channels), Weights(1, channels)];
        if (OperatorSet >= 17)
        {
            return Node("LayerNormalization", [value, .. factors], Attributes.Number("axis", -1L), Attributes.Number("epsilon", 1e-3f));
        }

        string Mean(string of) => Node("ReduceMean", [of], Attributes.Numbers("axes", 3));
        var centred = Node("Sub", [value, Mean(value)]);
        var variance = Mean(Chance(0.5) ? Node("Mul", [centred, centred]) : Node("Pow", [centred, Number(2)]));
        var normal = Node("Div", [centred, Node("Sqrt", [Node("Add", [variance, Number(1e-3f)])])]);
        return Node("Add", [Node("Mul", [normal, factors[0]]), factors[1]]);
    }

    private string GeluByTanh(string value)
    {
        var cube = Node("Mul", [value, Node("Mul", [value, value])]);
        var sum = Node("Add", [value, Node("Mul", [cube, Number(0.044715f)])]);
        var share = Node("Add", [Node("Tanh", [Node("Mul", [sum, Number(0.7978846f)])]), Number(1)]);
        return Node("Mul", [Node("Mul", [value, Number(0.5f)]), share]);
    }

    /// <summary>A unit of ShuffleNet where the channels can be halved; else their order turned round.</summary>
    private MapValue Shuffled(MapValue map)
    {
        var half = map.Channels / 2;
        if (map.Channels % 2 > 0)
        {
            long[] turned = [.. Enumerable.Range(0, map.Channels).Reverse().Select(channel => (long)channel)];
            return map with { Name = Node("Gather", [map.Name, Integers(turned)], Attributes.Number("axis", 1L)) };
        }

        var left = OperatorSet < 13
            ? Node("Split", [map.Name], Attributes.Number("axis", 1L), Attributes.Numbers("split", half, half))
            : Node("Split", [map.Name, Integers(half, half)], Attributes.Number("axis", 1L));
        var right = new MapValue($"{left}_right", half, map.Height, map.Width);
        Graph.Node[^1].Output.Add(right.Name);
        var joined = Node("Concat", [left, Active(Convolution(right, half, 3, 1)).Name], Attributes.Number("axis", 1L));
        var groups = Node("Reshape", [joined, Integers(-1, 2, half, map.Height, map.Width)]);
        var exchanged = Node("Transpose", [groups], Attributes.Numbers("perm", 0, 2, 1, 3, 4));
        return map with { Name = Node("Reshape", [exchanged, Integers(-1, map.Channels, map.Height, map.Width)]) };
    }

    private MapValue Block(MapValue map)
    {
        var canShrink = Math.Min(map.Height, map.Width) >= 6;
        switch (Next(8))
        {
            case 0 when canShrink:
                return Pooling(Active(Convolution(map, 4 + Next(5), 3, 1)));
            case 1:
                var same = Convolution(map, map.Channels, 3, 1);
                return Active(map with { Name = Node("Add", [Normalization(same).Name, map.Name]) });
            case 2:
                var (left, right) = (Active(Convolution(map, 3, 1, 1)), Convolution(map, 4, 3, 1));
                return map with { Name = Node("Concat", [left.Name, right.Name], Attributes.Number("axis", 1L)), Channels = 7 };
            case 3:
                return Gate(Active(Convolution(map, 4 + Next(4), 3, 1)));
            case 4:
                var wide = Convolution(map, map.Channels * 2, 1, 1);
                return Active(Convolution(wide, wide.Channels, 3, 1, wide.Channels));
            case 5:
                return Refined(map);
            case 6:
                return Shuffled(map);
            default:
                return Active(Normalization(Convolution(map, 4 + Next(5), Any(1, 3, 5), canShrink ? Any(1, 2) : 1)));
        }
    }
}
