using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>A graph as patterns of several nodes are looked for in it: who makes and who uses a value, and the constants.</summary>
internal sealed class PatternGraph
{
    /// <summary>Largest number of axes of a reduction.</summary>
    private const int MaxAxes = 8;

    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _tensors = new(StringComparer.Ordinal);
    private readonly ILookup<string, NodeProto> _users;
    private readonly HashSet<string> _outputs;

    public PatternGraph(GraphProto graph)
    {
        _users = graph.Node.SelectMany(node => node.Input.Distinct().Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        _outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
            {
                _producers[output] = node;
            }

            if (node is { OpType: "Constant", Output: [var name, ..] } && node.Attribute.FirstOrDefault() is { } literal)
            {
                AddConstant(name, literal.T, literal.HasF ? literal.F : null);
            }
        }

        foreach (var tensor in graph.Initializer)
        {
            AddConstant(tensor.Name, tensor, null);
        }

        foreach (var node in graph.Node.Where(
            node => node is { OpType: "Cast" or "CastLike" or "Identity", Input.Count: > 0, Output.Count: > 0 }))
        {
            if (_numbers.TryGetValue(node.Input[0], out var number))
            {
                _numbers[node.Output[0]] = number;
            }
        }
    }

    /// <summary>The node that gives a value, if it has the operator; null if it has not.</summary>
    public NodeProto? Maker(string value, string operation) =>
        _producers.TryGetValue(value, out var node) && node.OpType == operation ? node : null;

    /// <summary>The node that gives a value; null for inputs and initializers.</summary>
    public NodeProto? Maker(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The nodes that take a value, each once.</summary>
    public IEnumerable<NodeProto> Users(string value) => _users[value];

    /// <summary>The node that uses the output, if it is the only one and has the given operator; else null.</summary>
    public NodeProto? SingleUser(NodeProto node, string operation) =>
        Users(node.Output[0]).ToArray() is [var next] && next.OpType == operation && next.Input.Count == 2
        && !_outputs.Contains(node.Output[0]) ? next : null;

    /// <summary>The number that a constant of one value holds; null for all others.</summary>
    public float? Number(string value) => _numbers.TryGetValue(value, out var number) ? number : null;

    /// <summary>Whether a value is a constant of the file.</summary>
    public bool IsConstant(string value) => _numbers.ContainsKey(value) || _tensors.ContainsKey(value);

    /// <summary>Whether the node takes the number, and a value that is none.</summary>
    public bool HasNumber(NodeProto node, float number) => node.Input.Count == 2
        && node.Input.Any(input => Number(input) is { } known && Math.Abs(known - number) < 1e-5)
        && node.Input.Any(input => Number(input) is null);

    /// <summary>Whole numbers that are an input in newer operator sets and an attribute in older ones; null if absent.</summary>
    public IReadOnlyList<long>? Integers(NodeProto node, string name, int input) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name) is { Ints.Count: > 0 } attribute ? attribute.Ints
        : node.Input.Count > input && _tensors.TryGetValue(node.Input[input], out var tensor)
            ? TensorReading.ReadSmall(tensor, MaxAxes)?.Integers
            : null;

    /// <summary>Makes a node another one; what it was made of is left without users.</summary>
    public static void Replace(
        NodeProto node, string operation, IReadOnlyList<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        node.OpType = operation;
        node.Input.Clear();
        node.Input.AddRange(inputs);
        node.Attribute.Clear();
        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }
    }

    private void AddConstant(string name, TensorProto? tensor, float? number)
    {
        if (tensor is not null)
        {
            _tensors[name] = tensor;
            number = TensorReading.ReadSmall(tensor, 1)?.AsFloats() is [var one] ? one : null;
        }

        if (number is { } known)
        {
            _numbers[name] = known;
        }
    }
}
