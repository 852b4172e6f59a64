namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Where to look, and with which weight, to integrate over 0–1: exact for polynomials up to degree 2n−1.</summary>
public static class GaussLegendre
{
    private const int Rounds = 100;

    /// <param name="count">n, at least 1.</param>
    /// <returns>Places and weights; the weights sum to 1.</returns>
    public static (double[] Nodes, double[] Weights) Of(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var (nodes, weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var (root, slope) = Root(count, Math.Cos(Math.PI * (i + 0.75) / (count + 0.5)));
            nodes[i] = (1 - root) / 2;
            weights[i] = 1 / ((1 - (root * root)) * slope * slope);
        }

        return (nodes, weights);
    }

    /// <summary>Newton's way to a root of the Legendre polynomial, and its slope there.</summary>
    private static (double Root, double Slope) Root(int degree, double x)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (value, slope) = Legendre(degree, x);
            var step = value / slope;
            x -= step;
            if (Math.Abs(step) < 1e-15)
            {
                break;
            }
        }

        return (x, Legendre(degree, x).Slope);
    }

    private static (double Value, double Slope) Legendre(int degree, double x)
    {
        double before = 1, value = x;
        for (var n = 2; n <= degree; n++)
        {
            (before, value) = (value, ((((2 * n) - 1) * x * value) - ((n - 1) * before)) / n);
        }

        return (value, degree * ((x * value) - before) / ((x * x) - 1));
    }
}
