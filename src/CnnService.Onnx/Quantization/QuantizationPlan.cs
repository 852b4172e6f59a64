using CnnService.Onnx.Format;

namespace CnnService.Onnx.Quantization;

/// <summary>
/// Which nodes of a graph compute with 8-bit integers, and which values are rounded to them. Convolutions, dense layers, sums and products
/// of two values do; pooling by maximum, flattening and joining keep the integers of their inputs; all else stays in float32, as does what
/// follows a global pooling: a vector that costs no time, and that the classes and the measure of familiarity are read from.
/// </summary>
internal sealed class QuantizationPlan
{
    private readonly GraphProto _graph;
    private readonly HashSet<string> _constants;
    private readonly HashSet<string> _outputs;
    private readonly ILookup<string, NodeProto> _users;
    private readonly HashSet<string> _pooled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);

    private QuantizationPlan(GraphProto graph)
    {
        _graph = graph;
        _constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        _outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        _users = graph.Node.SelectMany(node => node.Input.Distinct(StringComparer.Ordinal).Select(input => (input, node)))
            .ToLookup(use => use.input, use => use.node, StringComparer.Ordinal);
    }

    /// <summary>The values that are rounded to 8 bits where they arise.</summary>
    public HashSet<string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Nodes with weights that are rounded to 8 bits.</summary>
    public HashSet<NodeProto> Weighted { get; } = [];

    /// <summary>
    /// Operators that stay in float32, without activations that became part of the node before, and what follows a global pooling.
    /// </summary>
    public HashSet<string> LeftInFloat { get; } = new(StringComparer.Ordinal);

    /// <summary>The values that share a value's scale, named by one of them.</summary>
    public string GroupOf(string value)
    {
        while (_groups.TryGetValue(value, out var other))
        {
            value = other;
        }

        return value;
    }

    /// <param name="graph">A graph prepared by <see cref="GraphPreparation"/>, nodes in topological order.</param>
    public static QuantizationPlan Create(GraphProto graph)
    {
        var plan = new QuantizationPlan(graph);
        foreach (var node in graph.Node)
        {
            plan.Add(node);
        }

        return plan;
    }

    private void Add(NodeProto node)
    {
        var output = node.Output[0];
        var data = node.Input.Where(input => input.Length > 0 && !_constants.Contains(input)).ToArray();
        if (node.OpType is "GlobalAveragePool" or "GlobalMaxPool" || (data.Length > 0 && data.All(_pooled.Contains)))
        {
            _pooled.Add(output);
            if (!data.All(_pooled.Contains))
            {
                LeftInFloat.Add(node.OpType);
            }
        }
        else if (_fused.Contains(output))
        {
            // An activation that is part of the node before.
        }
        else if (HasWeights(node))
        {
            Weighted.Add(node);
            Values.Add(node.Input[0]);
            Round(node, always: node.OpType == "Conv");
        }
        else if (node.OpType is "Add" or "Mul" && data is [_, _] && data.Any(Values.Contains))
        {
            Values.UnionWith(data);
            Round(node, always: true);
        }
        else if (KeepsIntegers(node) && data.Any(Values.Contains) && !_outputs.Contains(output))
        {
            Values.UnionWith([.. data, output]);
            foreach (var input in data)
            {
                Join(input, output);
            }
        }
        else if (node.OpType == "AveragePool" && Values.Contains(data[0]) && !_outputs.Contains(output))
        {
            Values.Add(output);
        }
        else
        {
            LeftInFloat.Add(node.OpType);
        }
    }

    /// <summary>Rounds what a node gives, behind its activation where that is part of it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="always">Whether it has no kernel that gives float32; else it is rounded only where the next layer needs it.</param>
    private void Round(NodeProto node, bool always)
    {
        var output = node.Output[0];
        if (!_outputs.Contains(output) && _users[output].ToArray() is [var next] && IsRectifier(next) && !_outputs.Contains(next.Output[0]))
        {
            if (always || _users[next.Output[0]].All(HasWeights))
            {
                _fused.Add(next.Output[0]);
                Values.Add(next.Output[0]);
            }
        }
        else if (!_outputs.Contains(output) && (always || (_users[output].Any() && _users[output].All(HasWeights))))
        {
            Values.Add(output);
        }
    }

    /// <summary>A function with no result below 0: the smallest integer stands for it, so that kernels need not compute it.</summary>
    private bool IsRectifier(NodeProto node) => node.OpType == "Relu"
        || (node.OpType == "Clip" && node.Input.Count > 1 && _graph.Initializer.FirstOrDefault(low => low.Name == node.Input[1]) is { } low
            && FloatTensor.Read(low)[0] == 0);

    private static bool KeepsIntegers(NodeProto node) => node.OpType is "Flatten" || (node.OpType == "MaxPool" && node.Output.Count == 1)
        || (node.OpType == "Concat" && Number(node, "axis") == 1);

    private bool HasWeights(NodeProto node) => node.Input.Count > 1 && node.Input.Skip(1).All(_constants.Contains) && (node.OpType == "Conv"
        || (node.OpType == "Gemm" && Number(node, "transB") == 1 && Number(node, "transA") == 0
            && node.Attribute.All(attribute => attribute.Name is "transA" or "transB")));

    private static long Number(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I ?? 0;

    private void Join(string first, string second)
    {
        var (one, other) = (GroupOf(first), GroupOf(second));
        if (one != other)
        {
            _groups[one] = other;
        }
    }
}
