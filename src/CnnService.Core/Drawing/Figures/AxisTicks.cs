using System.Globalization;

namespace CnnService.Core.Drawing.Figures;

/// <summary>
/// Axis ticks at round numbers: steps of 1, 2 or 5 times a power of ten; on a logarithmic axis, 1, 2 and 5 of each decade.
/// </summary>
internal static class AxisTicks
{
    private const double MinPlain = 1e-4;
    private const double MaxPlain = 1e5;
    private const double WideDecades = 1000;
    private const double NarrowDecades = 100;

    private static readonly double[] Steps = [1, 2, 5, 10];

    /// <param name="low">Lower end of the axis.</param>
    /// <param name="high">Upper end, above <paramref name="low"/>.</param>
    /// <param name="maxTicks">Maximum number of steps.</param>
    /// <param name="minStep">Minimum step; 1 for an axis of integers.</param>
    public static IReadOnlyList<(double Value, string Label)> Compute(double low, double high, int maxTicks, double minStep = 0)
    {
        var step = Step(Math.Max((high - low) / maxTicks, minStep));
        var first = (long)Math.Ceiling((low / step) - 1e-9);
        var last = (long)Math.Floor((high / step) + 1e-9);
        var format = Format(step, Math.Max(Math.Abs(low), Math.Abs(high)));
        List<(double, string)> ticks = [];
        for (var i = first; i <= last; i++)
        {
            ticks.Add((i * step, (i * step).ToString(format, CultureInfo.InvariantCulture)));
        }

        return ticks;
    }

    /// <summary>Ticks of a logarithmic axis; fewer of a decade over a wide range.</summary>
    /// <param name="low">Lower end, above 0.</param>
    /// <param name="high">Upper end.</param>
    public static IReadOnlyList<(double Value, string Label)> Decades(double low, double high)
    {
        double[] steps = high / low > WideDecades ? [1] : high / low > NarrowDecades ? [1, 3] : [1, 2, 5];
        return
        [
            .. from power in Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2)
               from step in steps
               let value = step * Math.Pow(10, power)
               where value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
               select (value, Short(value)),
        ];
    }

    /// <summary>A number in three digits, without a tail of zeros.</summary>
    public static string Short(double value) => value == 0 ? "0"
        : Math.Abs(value) is >= MinPlain and < MaxPlain
            ? value.ToString(
                $"0.{new string('#', Math.Max(0, 2 - (int)Math.Floor(Math.Log10(Math.Abs(value)))))}", CultureInfo.InvariantCulture)
            : value.ToString("0.##E+0", CultureInfo.InvariantCulture);

    private static double Step(double minStep)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(minStep)));
        return power * Steps.First(step => step * power >= minStep * (1 - 1e-9));
    }

    private static string Format(double step, double largest) => step < MinPlain || largest > MaxPlain
        ? "0.##E+0"
        : $"F{Math.Max(0, (int)-Math.Floor(Math.Log10(step) + 1e-9))}";
}
