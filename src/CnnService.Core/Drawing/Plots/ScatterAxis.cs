using System.Globalization;
using System.Text.Json;

namespace CnnService.Core.Drawing.Plots;

/// <summary>The x axis of a swept field: numbers on a linear or logarithmic scale, other values as categories.</summary>
internal sealed class ScatterAxis
{
    private const int MaxOwnTicks = 6;
    private const double LogScaleMinRatio = 20;
    private const double Margin = 0.06;

    private readonly Func<JsonElement, double> _share;

    private ScatterAxis(Func<JsonElement, double> share, IReadOnlyList<(double Share, string Label)> ticks) =>
        (_share, Ticks) = (share, ticks);

    /// <summary>Tick positions, 0 at the left to 1 at the right, and labels.</summary>
    public IReadOnlyList<(double Share, string Label)> Ticks { get; }

    /// <param name="values">All values shown.</param>
    /// <param name="log">Null: logarithmic where all are above 0 and the largest is at least twenty times the smallest.</param>
    public static ScatterAxis Create(IReadOnlyList<JsonElement> values, bool? log)
    {
        if (values.Count == 0 || values.Any(value => value.ValueKind != JsonValueKind.Number))
        {
            return Categorical([.. values.Select(Text).Distinct(StringComparer.Ordinal)]);
        }

        double[] numbers = [.. values.Select(value => value.GetDouble()).Distinct().Order()];
        var isLog = numbers[0] > 0 && (log ?? numbers[^1] >= LogScaleMinRatio * numbers[0]);
        return Numeric(numbers, isLog ? Math.Log10 : number => number, isLog);
    }

    public double Share(JsonElement value) => _share(value);

    /// <summary>A categorical axis, each value in the middle of a column of its own.</summary>
    private static ScatterAxis Categorical(string[] names)
    {
        double Share(string name) => (Array.IndexOf(names, name) + 0.5) / names.Length;
        return new(value => Share(Text(value)), [.. names.Select(name => (Share(name), name))]);
    }

    private static ScatterAxis Numeric(double[] numbers, Func<double, double> scale, bool isLog)
    {
        double low = scale(numbers[0]), high = scale(numbers[^1]);
        var room = high > low ? (high - low) * Margin : Math.Max(0.5, Math.Abs(high) * Margin);
        double Share(double number) => (scale(number) - low + room) / (high - low + (2 * room));
        var ticks = numbers.Length <= MaxOwnTicks ? numbers.Select(number => (number, Text(number)))
            : isLog ? Decades(numbers[0], numbers[^1])
            : AxisTicks.Compute(numbers[0], numbers[^1], MaxOwnTicks);
        return new(value => Share(value.GetDouble()), [.. ticks.Select(tick => (Share(tick.Item1), tick.Item2))]);
    }

    /// <summary>Logarithmic ticks at 1, 2 and 5 times the powers of ten; fewer per decade over a wide range.</summary>
    private static IEnumerable<(double Value, string Label)> Decades(double low, double high)
    {
        double[] steps = high / low > 1000 ? [1] : high / low > 100 ? [1, 3] : [1, 2, 5];
        return from power in Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2)
               from step in steps
               let value = step * Math.Pow(10, power)
               where value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
               select (value, Text(value));
    }

    private static string Text(double number) => number != 0 && Math.Abs(number) is < 1e-3 or >= 1e6
        ? number.ToString("0.##E+0", CultureInfo.InvariantCulture)
        : number.ToString("0.#####", CultureInfo.InvariantCulture);

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
