namespace CnnService.Onnx.Import;

/// <summary>
/// What sums, products and whole powers of numbers make of two values, x up to its third power and y up to its first: exporters write one
/// formula in many orders, and as a polynomial it is the same.
/// </summary>
internal sealed class Polynomial
{
    private const int Powers = 4;
    private const double Tolerance = 1e-4; // Of numbers in 16 bits.

    private readonly double[] _terms; // Of x^i·y^j at 2i + j.

    private Polynomial(double[] terms) => _terms = terms;

    public static Polynomial X { get; } = Term(1, 0, 1);

    public static Polynomial Y { get; } = Term(0, 1, 1);

    public static Polynomial Term(int x, int y, double factor)
    {
        var terms = new double[2 * Powers];
        terms[(2 * x) + y] = factor;
        return new(terms);
    }

    public static Polynomial Constant(double number) => Term(0, 0, number);

    public Polynomial Add(Polynomial other) => new([.. _terms.Zip(other._terms, (one, another) => one + another)]);

    /// <summary>Null where a power becomes too large.</summary>
    public Polynomial? Multiply(Polynomial other)
    {
        var terms = new double[2 * Powers];
        for (var i = 0; i < _terms.Length; i++)
        {
            for (var j = 0; j < _terms.Length; j++)
            {
                var (x, y, product) = ((i / 2) + (j / 2), (i % 2) + (j % 2), _terms[i] * other._terms[j]);
                if (product != 0 && (x >= Powers || y > 1))
                {
                    return null;
                }

                if (product != 0)
                {
                    terms[(2 * x) + y] += product;
                }
            }
        }

        return new(terms);
    }

    /// <summary>The number that it is; null where it has a term with x or y.</summary>
    public double? Number => _terms.Skip(1).All(term => term == 0) ? _terms[0] : null;

    /// <summary>Whether it is another one, but for the rounding of numbers to float32.</summary>
    public bool IsNear(Polynomial other) => _terms.Zip(other._terms).All(pair => Math.Abs(pair.First - pair.Second) < Tolerance);

    /// <summary>A value of a graph as a polynomial; null where it is none, or takes more steps.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The value.</param>
    /// <param name="x">The name of x.</param>
    /// <param name="y">The name of y; null: there is none.</param>
    /// <param name="steps">Number of nodes on the way to x or y, at most.</param>
    public static Polynomial? Of(PatternGraph graph, string value, string x, string? y, int steps)
    {
        if (value == x || value == y)
        {
            return value == x ? X : Y;
        }

        if (graph.Number(value) is { } number)
        {
            return Constant(number);
        }

        if (steps == 0 || graph.Maker(value) is not { Input: [var first, ..] inputs } node || inputs.Count > 2
            || Of(graph, first, x, y, steps - 1) is not { } left)
        {
            return null;
        }

        var right = inputs.Count == 2 ? Of(graph, inputs[1], x, y, steps - 1) : null;
        return (node.OpType, right) switch
        {
            ("Neg", null) => left.Multiply(Constant(-1)),
            ("Add" or "Sum", { } added) => left.Add(added),
            ("Sub", { } less) => less.Multiply(Constant(-1)) is { } negative ? left.Add(negative) : null,
            ("Mul", { } factor) => left.Multiply(factor),
            ("Div", { Number: { } divisor and not 0 }) => left.Multiply(Constant(1 / divisor)),
            ("Pow", { Number: 2 }) => left.Multiply(left),
            ("Pow", { Number: 3 }) => left.Multiply(left)?.Multiply(left),
            _ => null,
        };
    }
}
