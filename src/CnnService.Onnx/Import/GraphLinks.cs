using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>Who uses and who makes the values that an output depends on.</summary>
internal sealed class GraphLinks
{
    /// <summary>Nodes whose output is their input in another form: no layer need stand for them.</summary>
    private static readonly HashSet<string> Passing = new(
        ["Cast", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"], StringComparer.Ordinal);

    private readonly Dictionary<string, int> _uses;
    private readonly Dictionary<string, NodeProto> _makers = new(StringComparer.Ordinal);

    /// <param name="nodes">The nodes, each value given once.</param>
    /// <param name="output">The output, which counts as a use.</param>
    public GraphLinks(IReadOnlyList<NodeProto> nodes, string output)
    {
        _uses = nodes.SelectMany(node => node.Input).Append(output).CountBy(name => name, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (var made in node.Output)
            {
                _makers[made] = node;
            }
        }
    }

    /// <summary>Whether a value is used once, and whatever it is another form of is used for nothing else.</summary>
    public bool IsUsedOnce(string value)
    {
        while (_uses.GetValueOrDefault(value) == 1)
        {
            if (!_makers.TryGetValue(value, out var maker) || !Passing.Contains(maker.OpType) || maker.Input.Count == 0)
            {
                return true;
            }

            value = maker.Input[0];
        }

        return false;
    }
}
