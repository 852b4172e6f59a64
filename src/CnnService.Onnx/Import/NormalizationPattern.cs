using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Normalization by the image's own mean and variance written in parts: (x − mean) / √(variance + ε), as PyTorch writes it below operator
/// set 17, or x·k + (β − mean·k) with k = γ / √(variance + ε), as TensorFlow does.
/// </summary>
internal static class NormalizationPattern
{
    /// <summary>
    /// The name of what the pattern becomes, which no file has: <c>x</c>, and γ and β where they are part of the pattern; attributes
    /// <c>axes</c>, over which the means are taken, and <c>epsilon</c>.
    /// </summary>
    public const string Standardize = "normalization in parts";

    private const int MaxRank = 8;

    /// <param name="graph">The graph.</param>
    /// <param name="root">A square root; the last node of the pattern around it is replaced.</param>
    public static void Fuse(PatternGraph graph, NodeProto root)
    {
        if (root.Input.Count == 1 && graph.Maker(root.Input[0], "Add") is { Input.Count: 2 } sum
            && sum.Input.FirstOrDefault(input => graph.Number(input) is null) is { } variance
            && sum.Input.Select(graph.Number).FirstOrDefault(number => number is not null) is { } epsilon
            && Find(graph, variance) is { } found)
        {
            var attributes = new[] { Attributes.Numbers("axes", found.Axes), Attributes.Number("epsilon", epsilon) };
            Replace(graph, root, found, attributes);
        }
    }

    /// <summary>What a variance is taken of, and over which axes; null where it is none.</summary>
    private static Moments? Find(PatternGraph graph, string variance)
    {
        if (Reduced(graph, variance) is not { } squares || Squared(graph, squares.Of) is not { } centred
            || graph.Maker(centred, "Sub") is not { Input: [var x, var mean] } || Reduced(graph, mean) is not { } reduced
            || reduced.Of != x || !reduced.Axes.SequenceEqual(squares.Axes))
        {
            return null;
        }

        return new(x, reduced.Axes);
    }

    private static void Replace(PatternGraph graph, NodeProto root, Moments found, AttributeProto[] attributes)
    {
        foreach (var user in graph.Users(root.Output[0]).ToArray())
        {
            if (user is { OpType: "Div", Input: [var centred, var divisor] } && divisor == root.Output[0]
                && IsCentred(graph, centred, found))
            {
                PatternGraph.Replace(user, Standardize, [found.X], attributes);
            }
            else if (user is { OpType: "Reciprocal", Output: [var inverse] })
            {
                Scaled(graph, inverse, found, attributes);
            }
        }
    }

    private static void Scaled(PatternGraph graph, string inverse, Moments found, AttributeProto[] attributes)
    {
        foreach (var product in graph.Users(inverse).Where(user => user is { OpType: "Mul", Input.Count: 2 }).ToArray())
        {
            var other = Other(product, inverse);
            if (IsCentred(graph, other, found))
            {
                PatternGraph.Replace(product, Standardize, [found.X], attributes);
            }
            else if (graph.IsConstant(other))
            {
                Shifted(graph, product.Output[0], other, found, attributes);
            }
        }
    }

    /// <summary>x·k + (β − mean·k).</summary>
    private static void Shifted(PatternGraph graph, string factor, string gamma, Moments found, AttributeProto[] attributes)
    {
        foreach (var scaled in graph.Users(factor)
            .Where(user => user is { OpType: "Mul", Input.Count: 2 } && Other(user, factor) == found.X).ToArray())
        {
            if (graph.SingleUser(scaled, "Add") is { } sum
                && graph.Maker(Other(sum, scaled.Output[0]), "Sub") is { Input: [var beta, var moved] } && graph.IsConstant(beta)
                && graph.Maker(moved, "Mul") is { Input.Count: 2 } less && less.Input.Contains(factor)
                && Reduced(graph, Other(less, factor)) is { } mean && mean.Of == found.X && mean.Axes.SequenceEqual(found.Axes))
            {
                PatternGraph.Replace(sum, Standardize, [found.X, gamma, beta], attributes);
            }
        }
    }

    /// <summary>Whether a value is x less its mean.</summary>
    private static bool IsCentred(PatternGraph graph, string value, Moments found) =>
        graph.Maker(value, "Sub") is { Input: [var x, var mean] } && x == found.X && Reduced(graph, mean) is { } reduced
        && reduced.Of == x && reduced.Axes.SequenceEqual(found.Axes);

    /// <summary>What a mean is taken of, all dimensions kept, and over which axes.</summary>
    private static (string Of, int[] Axes)? Reduced(PatternGraph graph, string value) =>
        graph.Maker(value, "ReduceMean") is { Input: [var of, ..] } node && graph.Integers(node, "axes", 1) is { } axes
        && axes.All(axis => axis is > -MaxRank and < MaxRank)
        && node.Attribute.FirstOrDefault(attribute => attribute.Name == "keepdims") is null or { I: 1 }
            ? (of, [.. axes.Select(axis => (int)axis).Order()])
            : null;

    /// <summary>What a value is the square of.</summary>
    private static string? Squared(PatternGraph graph, string value) => graph.Maker(value) switch
    {
        { OpType: "Pow", Input: [var of, var power] } when graph.Number(power) == 2 => of,
        { OpType: "Mul", Input: [var one, var other] } when one == other => one,
        _ => null,
    };

    private static string Other(NodeProto node, string input) => node.Input[node.Input[0] == input ? 1 : 0];

    /// <summary>A value, and the axes over which its mean and variance are taken.</summary>
    private sealed record Moments(string X, int[] Axes);
}
