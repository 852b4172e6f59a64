using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>ONNX files as other exporters write them, node by node.</summary>
internal sealed class Handmade
{
    private readonly GraphBuilder _graph = new("handmade");
    private readonly int _operatorSet;
    private CounterRandom _random = new(7, 7);

    public Handmade(int operatorSet = 17) => _operatorSet = operatorSet;

    public string Input(params int[] sizes)
    {
        if (sizes is [var channels, var height, var width])
        {
            _graph.Input("x", TensorShape.Map(channels, height, width));
        }

        return "x";
    }

    public string Node(string operation, string[] inputs, params AttributeProto[] attributes)
    {
        var name = $"/{operation.ToLowerInvariant()}/{_graph.Graph.Node.Count}";
        return _graph.Node(operation, name, $"{name}_output", inputs, attributes);
    }

    /// <summary>Gives the last node further outputs.</summary>
    public void AddOutputs(params string[] names) => _graph.Graph.Node[^1].Output.AddRange(names);

    public string Weights(params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)_random.NextDouble(-0.5, 0.5);
        }

        return Floats(values, shape);
    }

    public string Floats(float[] values, params long[] shape) => _graph.Weights($"w{_graph.Graph.Initializer.Count}", values, shape);

    public string Number(float value) => Floats([value]);

    public string Integers(params long[] values) => _graph.Integers($"w{_graph.Graph.Initializer.Count}", values);

    public string Convolution(string input, int channels, int filters, int side = 3, params AttributeProto[] attributes) =>
        Node("Conv", [input, Weights(filters, channels, side, side), Weights(filters)], attributes);

    public ModelProto Model(string output)
    {
        var model = new ModelProto { IrVersion = 8, Graph = _graph.Graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = _operatorSet });
        model.Graph.Output.Add(new ValueInfoProto { Name = output, Type = new() { TensorType = new() { ElemType = OnnxTypes.Float } } });
        return model;
    }
}
