using System.Numerics.Tensors;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Minimizes a smooth convex function by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) with a backtracking line
/// search.
/// </summary>
internal static class LbfgsMinimizer
{
    private const int Memory = 10;
    private const int MaxHalvings = 30;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Moves the point to the minimum; returns the value there.</summary>
    /// <param name="function">Value at a point; writes the gradient there.</param>
    /// <param name="point">Where to begin; changed.</param>
    /// <param name="maxIterations">Iterations after which it ends, converged or not.</param>
    /// <param name="tolerance">Ends when no element of the gradient is larger.</param>
    /// <param name="cancel">Checked at each iteration.</param>
    public static double Minimize(
        Func<double[], double[], double> function, double[] point, int maxIterations, double tolerance, CancellationToken cancel)
    {
        var pairs = new LinkedList<(double[] Step, double[] Change, double Scale)>();
        var gradient = new double[point.Length];
        var value = function(point, gradient);
        for (var iteration = 0; iteration < maxIterations && TensorPrimitives.MaxMagnitude<double>(gradient) is var largest; iteration++)
        {
            cancel.ThrowIfCancellationRequested();
            if (Math.Abs(largest) <= tolerance)
            {
                break;
            }

            var direction = Direction(pairs, gradient);
            if (Search(function, (point, value, gradient), direction, pairs.Count == 0) is not { } found)
            {
                break; // No further descent within the precision of the numbers.
            }

            Remember(pairs, point, gradient, found);
            found.Point.CopyTo(point, 0);
            (value, gradient) = (found.Value, found.Gradient);
        }

        return value;
    }

    /// <summary>The negative gradient, multiplied by the approximated inverse of the second derivatives (two-loop recursion).</summary>
    private static double[] Direction(LinkedList<(double[] Step, double[] Change, double Scale)> pairs, double[] gradient)
    {
        double[] direction = [.. gradient];
        var shares = new Stack<double>();
        foreach (var (step, change, scale) in pairs)
        {
            var share = scale * Dot(step, direction);
            shares.Push(share);
            AddScaled(direction, change, -share);
        }

        if (pairs.First is { } newest)
        {
            var (step, change, _) = newest.Value;
            TensorPrimitives.Multiply(direction, Dot(step, change) / Dot(change, change), direction);
        }

        foreach (var (step, change, scale) in pairs.Reverse())
        {
            AddScaled(direction, step, shares.Pop() - (scale * Dot(change, direction)));
        }

        TensorPrimitives.Negate(direction, direction);
        return direction;
    }

    private static (double[] Point, double Value, double[] Gradient)? Search(
        Func<double[], double[], double> function, (double[] Point, double Value, double[] Gradient) from, double[] direction, bool isFirst)
    {
        var slope = Dot(from.Gradient, direction);
        var length = isFirst ? Math.Min(1, 1 / Math.Sqrt(Dot(from.Gradient, from.Gradient))) : 1;
        for (var halving = 0; halving < MaxHalvings && slope < 0; halving++, length /= 2)
        {
            double[] point = [.. from.Point];
            AddScaled(point, direction, length);
            var gradient = new double[point.Length];
            var value = function(point, gradient);
            if (value <= from.Value + (SufficientDecrease * length * slope))
            {
                return (point, value, gradient);
            }
        }

        return null;
    }

    private static void Remember(
        LinkedList<(double[] Step, double[] Change, double Scale)> pairs, double[] point, double[] gradient,
        (double[] Point, double Value, double[] Gradient) found)
    {
        var (step, change) = (new double[point.Length], new double[point.Length]);
        TensorPrimitives.Subtract(found.Point, point, step);
        TensorPrimitives.Subtract(found.Gradient, gradient, change);
        var curvature = Dot(step, change);
        if (curvature > 1e-12 * Dot(change, change))
        {
            pairs.AddFirst((step, change, 1 / curvature));
        }

        if (pairs.Count > Memory)
        {
            pairs.RemoveLast();
        }
    }

    private static double Dot(double[] one, double[] other) => TensorPrimitives.Dot<double>(one, other);

    private static void AddScaled(double[] target, double[] values, double factor) =>
        TensorPrimitives.MultiplyAdd(values, factor, target, target);
}
