namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to three diagonals, then QL steps with implicit shifts
/// (Golub and van Loan, "Matrix Computations", 8.3). Deterministic.
/// </summary>
internal sealed class SymmetricEigen
{
    private const double Precision = 2.3e-16;

    /// <summary>A value takes two steps; more than this means numbers that are not finite.</summary>
    private const int MostSteps = 80;

    private readonly double[][] _mirrors; // Row k holds, from k+1 on, the k-th mirror of the reduction.
    private readonly double[] _diagonal;
    private readonly double[] _beside;
    private readonly double[][] _turned; // Row i becomes the eigenvector of _diagonal[i] in the reduced matrix.
    private readonly int[] _order;

    /// <param name="matrix">Its rows; overwritten.</param>
    public SymmetricEigen(double[][] matrix)
    {
        _mirrors = matrix;
        _diagonal = new double[matrix.Length];
        _beside = new double[matrix.Length];
        Reduce();
        _turned = [.. Enumerable.Range(0, matrix.Length).Select(i => Unit(matrix.Length, i))];
        Iterate();
        _order = [.. Enumerable.Range(0, matrix.Length).OrderByDescending(i => _diagonal[i])];
    }

    /// <summary>The largest first.</summary>
    public IEnumerable<double> Values => _order.Select(i => _diagonal[i]);

    /// <summary>Of length 1, of either sign.</summary>
    /// <param name="rank">0 for that of the largest value.</param>
    public double[] Vector(int rank)
    {
        var vector = (double[])_turned[_order[rank]].Clone();
        for (var k = vector.Length - 3; k >= 0; k--)
        {
            var mirror = _mirrors[k].AsSpan(k + 1);
            var behind = vector.AsSpan(k + 1);
            Rows.Add(behind, -2 * Rows.Dot(mirror, behind), mirror);
        }

        return vector;
    }

    private static double[] Unit(int length, int place)
    {
        var unit = new double[length];
        unit[place] = 1;
        return unit;
    }

    private void Reduce()
    {
        var size = _mirrors.Length;
        var product = new double[size];
        for (var k = 0; k < size; k++)
        {
            _diagonal[k] = _mirrors[k][k];
            if (k == size - 2)
            {
                _beside[k] = _mirrors[k][k + 1];
            }
            else if (k < size - 2)
            {
                Mirror(k, product.AsSpan(k + 1));
            }
        }
    }

    /// <summary>Clears row k behind the place beside the diagonal, by <c>A - v·w' - w·v'</c>.</summary>
    private void Mirror(int k, Span<double> product)
    {
        var mirror = _mirrors[k].AsSpan(k + 1);
        var length = Math.Sqrt(Rows.Dot(mirror, mirror));
        _beside[k] = mirror[0] > 0 ? -length : length;
        mirror[0] -= _beside[k];
        var norm = Math.Sqrt(Rows.Dot(mirror, mirror));
        if (norm == 0)
        {
            return; // Nothing is to be cleared: a mirror of zeros turns nothing.
        }

        for (var i = 0; i < mirror.Length; i++)
        {
            mirror[i] /= norm;
        }

        for (var i = 0; i < mirror.Length; i++)
        {
            product[i] = 2 * Rows.Dot(mirror, _mirrors[k + 1 + i].AsSpan(k + 1));
        }

        Rows.Add(product, -Rows.Dot(mirror, product), mirror);
        for (var i = 0; i < mirror.Length; i++)
        {
            var row = _mirrors[k + 1 + i].AsSpan(k + 1);
            Rows.Add(row, -mirror[i], product);
            Rows.Add(row, -product[i], mirror);
        }
    }

    private void Iterate()
    {
        var size = _diagonal.Length;
        var least = Precision * Enumerable.Range(0, size).Max(i => Math.Abs(_diagonal[i]) + Math.Abs(_beside[i]));
        for (var low = 0; low < size; low++)
        {
            for (var step = 0; ; step++)
            {
                var high = low;
                while (high < size - 1 && !(Math.Abs(_beside[high]) <= least))
                {
                    high++;
                }

                if (high == low)
                {
                    break;
                }

                if (step == MostSteps)
                {
                    throw new InvalidOperationException("The matrix has entries that are not finite.");
                }

                Chase(low, high);
            }
        }
    }

    /// <summary>One QL step over the rows from low to high.</summary>
    private void Chase(int low, int high)
    {
        var (d, e) = (_diagonal, _beside);
        var slope = (d[low + 1] - d[low]) / (2 * e[low]);
        var shifted = d[high] - d[low] + (e[low] / (slope + Math.CopySign(double.Hypot(slope, 1), slope)));
        double sin = 1, cos = 1, moved = 0;
        for (var i = high - 1; i >= low; i--)
        {
            var (bulge, rest) = (sin * e[i], cos * e[i]);
            var radius = double.Hypot(bulge, shifted);
            e[i + 1] = radius;
            if (radius == 0)
            {
                d[i + 1] -= moved;
                e[high] = 0;
                return; // It has fallen in two; the next step goes on.
            }

            (sin, cos) = (bulge / radius, shifted / radius);
            shifted = d[i + 1] - moved;
            var along = ((d[i] - shifted) * sin) + (2 * cos * rest);
            moved = sin * along;
            d[i + 1] = shifted + moved;
            shifted = (cos * along) - rest;
            Rows.Rotate(_turned[i], _turned[i + 1], cos, sin);
        }

        d[low] -= moved;
        e[low] = shifted;
        e[high] = 0;
    }
}
