namespace CnnService.Core.Visualization.Explaining;

/// <summary>Nodes and weights of Gauss-Legendre quadrature on 0–1 (Newton's method on the Legendre polynomials).</summary>
internal static class GaussLegendre
{
    public static IReadOnlyList<(double Node, double Weight)> Of(int count)
    {
        var rule = new (double, double)[count];
        for (var i = 0; i < count; i++)
        {
            var x = Math.Cos(Math.PI * (i + 0.75) / (count + 0.5));
            var (value, slope) = Polynomial(count, x);
            for (var step = 0; step < 100 && Math.Abs(value) > 1e-15; step++)
            {
                x -= value / slope;
                (value, slope) = Polynomial(count, x);
            }

            rule[count - 1 - i] = ((x + 1) / 2, 1 / ((1 - (x * x)) * slope * slope));
        }

        return rule;
    }

    private static (double Value, double Slope) Polynomial(int degree, double x)
    {
        var (before, value) = (1.0, x);
        for (var n = 2; n <= degree; n++)
        {
            (before, value) = (value, ((((2 * n) - 1) * x * value) - ((n - 1) * before)) / n);
        }

        return (value, degree * ((x * value) - before) / ((x * x) - 1));
    }
}
