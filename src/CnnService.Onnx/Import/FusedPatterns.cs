using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Recognizes functions that exporters write as several nodes because their operator set lacked them. The last node of the pattern becomes
/// the function; the others are left without users.
/// </summary>
internal sealed class FusedPatterns
{
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float> _constants = new(StringComparer.Ordinal);
    private readonly ILookup<string, NodeProto> _users;
    private readonly GraphProto _graph;

    private FusedPatterns(GraphProto graph)
    {
        _graph = graph;
        _users = graph.Node.SelectMany(node => node.Input.Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
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
            if (_constants.TryGetValue(node.Input[0], out var number))
            {
                _constants[node.Output[0]] = number;
            }
        }
    }

    public static void Fuse(GraphProto graph)
    {
        var patterns = new FusedPatterns(graph);
        foreach (var node in graph.Node.ToArray())
        {
            switch (node.OpType)
            {
                case "Erf":
                    patterns.Gelu(node);
                    break;
                case "Clip":
                    patterns.HardSigmoid(node);
                    break;
                case "Tanh":
                    patterns.Mish(node);
                    break;
            }
        }
    }

    /// <summary>x · tanh(softplus(x)).</summary>
    private void Mish(NodeProto tanh)
    {
        if (tanh.Input.Count == 1 && _producers.TryGetValue(tanh.Input[0], out var soft) && soft is { OpType: "Softplus", Input: [var x] }
            && SingleUser(tanh, "Mul") is { } product && product.Input.FirstOrDefault(input => input != tanh.Output[0]) == x)
        {
            ReplaceBy(product, "Mish", x);
        }
    }

    /// <summary>x/2 · (1 + erf(x/√2)), with the factor 1/2 in any position.</summary>
    private void Gelu(NodeProto erf)
    {
        if (erf.Input.Count != 1 || FindScaled(erf.Input[0], Math.Sqrt(0.5)) is not { } x || SingleUser(erf, "Add") is not { } sum
            || !HasConstant(sum, 1) || SingleUser(sum, "Mul") is not { } product)
        {
            return;
        }

        var other = product.Input.FirstOrDefault(input => input != sum.Output[0]);
        if (other == x && SingleUser(product, "Mul") is { } half && HasConstant(half, 0.5f))
        {
            ReplaceBy(half, "Gelu", x);
        }
        else if (other is not null && FindScaled(other, 0.5) == x)
        {
            ReplaceBy(product, "Gelu", x);
        }
        else if (HasConstant(product, 0.5f) && SingleUser(product, "Mul") is { } last
            && last.Input.FirstOrDefault(input => input != product.Output[0]) == x)
        {
            ReplaceBy(last, "Gelu", x);
        }
    }

    /// <summary>min(max(x + 3, 0), 6) / 6.</summary>
    private void HardSigmoid(NodeProto clip)
    {
        if (clip.Input.Count == 0 || !_producers.TryGetValue(clip.Input[0], out var sum) || sum.OpType != "Add" || !HasConstant(sum, 3)
            || Bounds(clip) is not (0f, 6f))
        {
            return;
        }

        var x = sum.Input.First(input => !_constants.ContainsKey(input));
        if (SingleUser(clip, "Div") is { } divided && divided.Input[0] == clip.Output[0]
            && _constants.GetValueOrDefault(divided.Input[1]) == 6)
        {
            ReplaceBy(divided, "HardSigmoid", x, Attributes.Number("alpha", 1f / 6), Attributes.Number("beta", 0.5f));
        }
        else if (SingleUser(clip, "Mul") is { } scaled && HasConstant(scaled, 1f / 6))
        {
            ReplaceBy(scaled, "HardSigmoid", x, Attributes.Number("alpha", 1f / 6), Attributes.Number("beta", 0.5f));
        }
    }

    private (float? Low, float? High) Bounds(NodeProto clip)
    {
        float? Of(string name, int input) => clip.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.F
            ?? (clip.Input.Count > input && _constants.TryGetValue(clip.Input[input], out var number) ? number : null);
        return (Of("min", 1), Of("max", 2));
    }

    /// <summary>The name of the value that the given one is a multiple of, by the given factor; null if it is none.</summary>
    private string? FindScaled(string value, double factor)
    {
        if (!_producers.TryGetValue(value, out var node) || node.Input.Count != 2)
        {
            return null;
        }

        var (first, second) = (node.Input[0], node.Input[1]);
        return node.OpType switch
        {
            "Mul" when IsConstant(second, factor) => first,
            "Mul" when IsConstant(first, factor) => second,
            "Div" when IsConstant(second, 1 / factor) => first,
            _ => null,
        };
    }

    private bool IsConstant(string name, double number) => _constants.TryGetValue(name, out var known) && Math.Abs(known - number) < 1e-5;

    private bool HasConstant(NodeProto node, float number) => node.Input.Count == 2 && node.Input.Any(input => IsConstant(input, number))
        && node.Input.Any(input => !_constants.ContainsKey(input));

    /// <summary>The node that uses the output, if it is the only one and has the given operator; else null.</summary>
    private NodeProto? SingleUser(NodeProto node, string operation) =>
        _users[node.Output[0]].ToArray() is [var next] && next.OpType == operation && next.Input.Count == 2
        && _graph.Output.All(output => output.Name != node.Output[0]) ? next : null;

    private static void ReplaceBy(NodeProto node, string operation, string input, params ReadOnlySpan<AttributeProto> attributes)
    {
        node.OpType = operation;
        node.Input.Clear();
        node.Input.Add(input);
        node.Attribute.Clear();
        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }
    }

    private void AddConstant(string name, TensorProto? tensor, float? number)
    {
        if (tensor is not null && tensor.Dims.Aggregate(1L, (a, b) => unchecked(a * b)) == 1)
        {
            var read = TensorReading.Read(tensor);
            number = read.Succeeded && read.Value.Floats is [var one] ? one : null;
        }

        if (number is { } known)
        {
            _constants[name] = known;
        }
    }
}
