using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>Finds what the outputs of a graph end in: by the nodes before them, or by the values they gave.</summary>
/// <param name="graph">Nodes in topological order.</param>
internal sealed class OutputEnds(GraphProto graph)
{
    private readonly Dictionary<string, NodeProto> _makers = graph.Node
        .SelectMany(node => node.Output.Where(output => output.Length > 0).Select(output => (output, node)))
        .DistinctBy(pair => pair.output).ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);

    /// <summary>The function at the end of an output and the value it is applied to; the output itself where there is none.</summary>
    public (OutputEnd End, string Raw) Find(GraphOutput output)
    {
        var node = Behind(output.Name, "Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Cast");
        return node switch
        {
            { OpType: "Softmax" } => (OutputEnd.Softmax, node.Input[0]),
            { OpType: "LogSoftmax" } => (OutputEnd.LogSoftmax, node.Input[0]),
            { OpType: "Sigmoid" } => (OutputEnd.Sigmoid, node.Input[0]),
            _ => (ByValues(output), output.Name),
        };
    }

    /// <summary>What the values alone tell.</summary>
    public static OutputEnd ByValues(GraphOutput output) =>
        output.Values is not { } rows || output.Elements < 2 ? OutputEnd.Scores
        : Sums(rows, 1, 1e-3) ? OutputEnd.Probabilities
        : Sums(rows, 100, 0.1) ? OutputEnd.Percentages
        : Array.TrueForAll(rows, row => Array.TrueForAll(row, value => value <= 0)
            && Math.Abs(row.Sum(value => Math.Exp(value)) - 1) < 1e-3) ? OutputEnd.LogSoftmax
        : OutputEnd.Scores;

    /// <summary>The node that an ArgMax output chooses from; null for other outputs.</summary>
    public string? ChosenFrom(string output) =>
        Behind(output, "Identity", "Cast", "Squeeze", "Reshape") is { OpType: "ArgMax", Input: [var from, ..] } ? from : null;

    /// <summary>Whether a dense layer gives the output, so that each value is a sum over all that was seen.</summary>
    public bool IsDense(string output) =>
        Behind(output, "Identity", "Flatten", "Reshape", "Squeeze", "Add", "Cast") is { OpType: "Gemm" or "MatMul" };

    /// <summary>The first node on the way back from a value that is none of the given operators.</summary>
    private NodeProto? Behind(string value, params ReadOnlySpan<string> passed)
    {
        var node = _makers.GetValueOrDefault(value);
        while (node is { Input.Count: > 0 } && passed.Contains(node.OpType))
        {
            // The first input that a node gives: the other of a sum is a constant.
            node = node.Input.Select(_makers.GetValueOrDefault).FirstOrDefault(maker => maker is { OpType: not "Constant" });
        }

        return node;
    }

    private static bool Sums(float[][] rows, double total, double tolerance) => Array.TrueForAll(rows,
        row => Array.TrueForAll(row, value => value >= 0 && value <= total * 1.0001)
            && Math.Abs(row.Sum(value => (double)value) - total) < tolerance);
}
