using System.Globalization;

namespace CnnService.Benchmarks;

/// <summary>Prints figures the same way everywhere.</summary>
internal static class Figures
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static double Megabytes(long bytes) => bytes / 1048576.0;

    public static void Print(string line) => Console.WriteLine(line);

    public static string Text(this double value, string format = "F1") => value.ToString(format, CultureInfo.InvariantCulture);
}
