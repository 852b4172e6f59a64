using System.Runtime.InteropServices;
using CnnService.Core.Models.Quantization;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Quantization;

/// <summary>
/// Writes a graph whose rounded values pass through QuantizeLinear and DequantizeLinear, which runtimes merge with the nodes between them
/// into 8-bit kernels. Nothing stands between a node and its activation, nor between that and the rounding.
/// </summary>
internal sealed class QuantizedGraph
{
    private readonly QuantizationPlan _plan;
    private readonly GraphProto _source;
    private readonly Dictionary<string, LinearScale> _scales;
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly GraphBuilder _target = new("network");

    private QuantizedGraph(GraphProto source, QuantizationPlan plan, Dictionary<string, LinearScale> scales)
    {
        (_source, _plan, _scales) = (source, plan, scales);
        _constants = source.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <param name="source">A graph prepared by <see cref="GraphPreparation"/>.</param>
    /// <param name="plan">What is rounded.</param>
    /// <param name="ranges">Of every value that is rounded.</param>
    public static GraphProto Write(GraphProto source, QuantizationPlan plan, IReadOnlyDictionary<string, ValueRange> ranges)
    {
        var groups = plan.Values.GroupBy(plan.GroupOf, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => LinearScale.Over(group.Select(value => ranges[value]).Aggregate((one, other) => one.Union(other))),
            StringComparer.Ordinal);
        return new QuantizedGraph(source, plan, groups).Write();
    }

    private static string Part(string value, string part) => $"{value}/quantization/{part}";

    private GraphProto Write()
    {
        _target.Graph.Input.AddRange(_source.Input);
        _target.Graph.Output.AddRange(_source.Output);
        _target.Graph.Initializer.AddRange(_source.Initializer);
        foreach (var input in _source.Input)
        {
            Round(input.Name);
        }

        foreach (var node in _source.Node)
        {
            var copy = node.Clone();
            for (var i = 0; i < copy.Input.Count; i++)
            {
                copy.Input[i] = _plan.Values.Contains(copy.Input[i]) ? Part(copy.Input[i], "value") : copy.Input[i];
            }

            if (_plan.Weighted.Contains(node))
            {
                Weigh(node, copy);
            }

            _target.Graph.Node.Add(copy);
            Round(node.Output[0]);
        }

        OnnxTruncation.Prune(_target.Graph, _source.Output.Select(output => output.Name));
        return _target.Graph;
    }

    /// <summary>Adds the rounding of a value, if it is rounded.</summary>
    private void Round(string value)
    {
        if (!_plan.Values.Contains(value))
        {
            return;
        }

        var scale = _scales[_plan.GroupOf(value)];
        string[] parameters =
        [
            Tensor<float>(Part(value, "scale"), OnnxTypes.Float, [scale.Scale]),
            Tensor<byte>(Part(value, "zero_point"), OnnxTypes.UInt8, [scale.ZeroPoint]),
        ];
        var rounded = _target.Node("QuantizeLinear", Part(value, "quantize"), Part(value, "integers"), [value, .. parameters]);
        _target.Node("DequantizeLinear", Part(value, "dequantize"), Part(value, "value"), [rounded, .. parameters]);
    }

    /// <summary>Gives a node weights and biases that are stored as integers.</summary>
    private void Weigh(NodeProto node, NodeProto copy)
    {
        var tensor = _constants[node.Input[1]];
        var channels = (int)tensor.Dims[0];
        var biases = node.Input.Count > 2 ? FloatTensor.Read(_constants[node.Input[2]]) : [];
        var weights = QuantizedWeights.Create(
            FloatTensor.Read(tensor), biases, channels, _scales[_plan.GroupOf(node.Input[0])].Scale);
        var name = node.Output[0];
        copy.Input[1] = Stored(
            Part(name, "weights"),
            [
                Tensor<sbyte>(Part(name, "weights/integers"), OnnxTypes.Int8, weights.Weights, [.. tensor.Dims]),
                Tensor<float>(Part(name, "weights/scales"), OnnxTypes.Float, weights.Scales, channels),
                Tensor<sbyte>(Part(name, "weights/zero_points"), OnnxTypes.Int8, new sbyte[channels], channels),
            ]);
        if (!biases.IsEmpty)
        {
            copy.Input[2] = Stored(
                Part(name, "biases"),
                [
                    Tensor<int>(Part(name, "biases/integers"), OnnxTypes.Int32, weights.Biases, channels),
                    Tensor<float>(Part(name, "biases/scales"), OnnxTypes.Float, weights.BiasScales, channels),
                ]);
        }
    }

    private string Stored(string name, string[] inputs) =>
        _target.Node("DequantizeLinear", name, name, inputs, Attributes.Number("axis", 0L));

    private string Tensor<T>(string name, int type, ReadOnlySpan<T> values, params long[] shape)
        where T : unmanaged => _target.Initializer(name, type, MemoryMarshal.AsBytes(values), shape);
}
