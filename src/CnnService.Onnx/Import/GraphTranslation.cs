using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Translates the nodes of a graph into layers in a single pass. Nodes that depend on an unsupported node are not reported as unsupported.
/// </summary>
internal sealed class GraphTranslation
{
    private readonly Dictionary<string, Value?> _values = new(StringComparer.Ordinal) { [string.Empty] = null };
    private readonly Dictionary<string, TensorProto> _tensors;
    private readonly Dictionary<string, Func<GraphNode, Outcome<Value>>> _operators;
    private readonly ConstantFolding _folding = new();
    private readonly List<UnsupportedNode> _unsupported = [];
    private readonly HashSet<string> _unavailable = new(StringComparer.Ordinal);
    private readonly long _operatorSet;

    private GraphTranslation(GraphProto graph, long operatorSet, GraphInput input, LayerBuilder builder, OutputChoice choice)
    {
        (_operatorSet, Builder) = (operatorSet, builder);
        _tensors = graph.Initializer.GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        _values[input.Name] = input.Value;
        _operators = Operators(builder, choice);
    }

    public LayerBuilder Builder { get; }

    /// <summary>Nodes without a corresponding layer, in graph order.</summary>
    public IReadOnlyList<UnsupportedNode> Unsupported => _unsupported;

    /// <summary>The value of the output; null if it depends on an unsupported node.</summary>
    public Value? Result { get; private set; }

    /// <summary>Translates what an output depends on.</summary>
    /// <param name="model">The file; modified: fused patterns are replaced.</param>
    /// <param name="input">The image input.</param>
    /// <param name="choice">The output, and what it ends in.</param>
    public static GraphTranslation Create(ModelProto model, GraphInput input, OutputChoice choice)
    {
        var output = choice.Output.Name;
        FusedPatterns.Fuse(model.Graph);
        var nodes = NodesBefore(model.Graph, output);
        var set = OnnxFile.OperatorSetOf(model);
        var builder = new LayerBuilder(input.Image, new(nodes, output), input.Batch);
        var translation = new GraphTranslation(model.Graph, set, input, builder, choice);
        foreach (var node in nodes)
        {
            translation.Read(node);
        }

        translation.Result = translation._values.GetValueOrDefault(output);
        return translation;
    }

    private static List<NodeProto> NodesBefore(GraphProto graph, string output)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { output };
        var nodes = new List<NodeProto>();
        foreach (var node in graph.Node.Reverse().Where(node => node.Output.Any(value => value.Length > 0 && needed.Contains(value))))
        {
            needed.UnionWith(node.Input);
            nodes.Add(node);
        }

        nodes.Reverse();
        return nodes;
    }

    private void Read(NodeProto proto)
    {
        if (proto.Input.Any(_unavailable.Contains))
        {
            _unavailable.UnionWith(proto.Output);
            return;
        }

        var node = new GraphNode(proto, [.. proto.Input.Select(Find)], _operatorSet);
        var value = Translate(node);
        if (value.Problem is { } problem)
        {
            _unsupported.Add(new(UntrustedName.Sanitize(node.Operation), UntrustedName.Sanitize(node.Name), problem.Detail));
            _unavailable.UnionWith(proto.Output);
            return;
        }

        IReadOnlyList<Value> parts = value.Value is SeveralValues several ? several.Parts : [value.Value];
        foreach (var (output, part) in proto.Output.Zip(parts).Where(pair => pair.First.Length > 0))
        {
            _values[output] = part;
        }

        _unavailable.UnionWith(proto.Output.Skip(parts.Count).Where(output => output.Length > 0));
    }

    private Outcome<Value> Translate(GraphNode node)
    {
        if (_folding.Fold(node) is { } constant)
        {
            return new ConstantValue(constant);
        }

        if (!_operators.TryGetValue(node.Operation, out var read))
        {
            return LayerBuilder.Refuse("no layer stands for this operator");
        }

        return node.First is ViewValue view && ActivationOperators.IsElementwise(node)
            ? read(node.WithFirst(view.Of)).Map(made => made is LayerValue value ? new ViewValue(value, view.Dims) : made)
            : read(node);
    }

    /// <summary>The value of a name; null where it was not translated. Initializers are decoded on first use.</summary>
    public Value? Find(string name)
    {
        if (_values.TryGetValue(name, out var known))
        {
            return known;
        }

        var read = _tensors.TryGetValue(name, out var tensor) ? TensorReading.Read(tensor) : null;
        return read is { Succeeded: true } ? _values[name] = new ConstantValue(read.Value) : null;
    }

    private static Dictionary<string, Func<GraphNode, Outcome<Value>>> Operators(LayerBuilder builder, OutputChoice choice)
    {
        var (windows, activations, shapes) = (new WindowOperators(builder), new ActivationOperators(builder), new ShapeOperators(builder));
        var (joins, heads) = (new JoinOperators(builder, activations, new(builder)), new HeadOperators(builder, shapes, choice));
        var (dense, norms, channels) = (new DenseOperators(builder), new NormalizationOperators(builder), new ChannelOperators(builder));
        var all = new Dictionary<string, Func<GraphNode, Outcome<Value>>>(StringComparer.Ordinal)
        {
            ["Conv"] = windows.Convolution,
            ["GlobalAveragePool"] = windows.GlobalPooling,
            ["GlobalMaxPool"] = windows.GlobalPooling,
            ["Pad"] = windows.Padding,
            ["LRN"] = windows.ResponseNormalization,
            ["LayerNormalization"] = norms.Layer,
            ["InstanceNormalization"] = norms.Instance,
            ["GroupNormalization"] = norms.Group,
            [NormalizationPattern.Standardize] = norms.Standardize,
            ["BatchNormalization"] = windows.BatchNormalization,
            ["Clip"] = activations.Clip,
            ["Min"] = activations.Bound,
            ["Max"] = activations.Bound,
            ["PRelu"] = activations.PRelu,
            ["Dropout"] = activations.Dropout,
            ["Concat"] = joins.Concatenation,
            ["Transpose"] = node => channels.Shuffle(node) ?? ShapeOperators.Transpose(node),
            ["Gather"] = channels.Gather,
            ["Slice"] = channels.Slice,
            ["Split"] = channels.Split,
            ["Gemm"] = dense.Gemm,
            ["MatMul"] = dense.MatrixProduct,
            ["Softmax"] = heads.Softmax,
            ["LogSoftmax"] = heads.Softmax,
            ["Sigmoid"] = node => heads.Sigmoid(node) ?? activations.Activation(node),
            ["Flatten"] = node => HeadOperators.PassThrough(node) ?? shapes.Flatten(node),
            ["Reshape"] = node => HeadOperators.PassThrough(node) ?? shapes.Reshape(node),
            ["Squeeze"] = node => HeadOperators.PassThrough(node) ?? shapes.Squeeze(node),
            ["Unsqueeze"] = shapes.Unsqueeze,
            ["Expand"] = ShapeOperators.Expand,
            ["Identity"] = node => HeadOperators.PassThrough(node) ?? Identity(node),
            ["Cast"] = node => node.Integer("to", 0) == OnnxTypes.Float ? Identity(node) : LayerBuilder.Refuse("must give float32"),
        };
        Register(all, windows.Pooling, "MaxPool", "AveragePool");
        Register(all, windows.Reduction, "ReduceMean", "ReduceMax");
        Register(all, joins.Arithmetic, "Add", "Sum", "Mul", "Sub", "Div");
        Register(all, activations.Activation, "Relu", "LeakyRelu", "Tanh", "HardSigmoid", "HardSwish", "Elu", "Selu", "Mish", "Gelu",
            "Swish");
        return all;
    }

    private static void Register(
        Dictionary<string, Func<GraphNode, Outcome<Value>>> all, Func<GraphNode, Outcome<Value>> read,
        params ReadOnlySpan<string> operations)
    {
        foreach (var operation in operations)
        {
            all[operation] = read;
        }
    }

    private static Outcome<Value> Identity(GraphNode node) =>
        node.Layer(0) is { } value ? value : LayerBuilder.Refuse("must take a layer's value");
}
