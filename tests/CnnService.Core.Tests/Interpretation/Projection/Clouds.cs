using CnnService.Core.Common;

namespace CnnService.Core.Tests.Interpretation.Projection;

/// <summary>Rows in groups: each group is a ball about a centre of its own.</summary>
internal static class Clouds
{
    public const int Groups = 6;

    /// <summary>Row i belongs to group i modulo <see cref="Groups"/>.</summary>
    public static double[][] Of(int rows, int columns, double apart = 6)
    {
        var random = new CounterRandom(11);
        double[][] centres = [.. Enumerable.Range(0, Groups).Select(_ => Row(columns, apart, ref random))];
        return [.. Enumerable.Range(0, rows)
            .Select(i => Row(columns, 1, ref random).Zip(centres[i % Groups], (value, centre) => value + centre).ToArray())];
    }

    /// <summary>Normal numbers.</summary>
    public static double[] Row(int columns, double scale, ref CounterRandom random)
    {
        var row = new double[columns];
        for (var i = 0; i < columns; i++)
        {
            row[i] = scale * random.NextGaussian();
        }

        return row;
    }
}
