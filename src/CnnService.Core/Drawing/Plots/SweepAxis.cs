using System.Globalization;
using System.Text.Json;
using CnnService.Core.Drawing.Figures;

namespace CnnService.Core.Drawing.Plots;

/// <summary>The axis of a swept field: numbers on a linear or logarithmic scale, other values as categories.</summary>
internal sealed class SweepAxis
{
    private const int MaxOwnTicks = 6;
    private const double LogScaleMinRatio = 20;
    private const double Room = 0.06;

    private readonly Func<JsonElement, double> _place;

    private SweepAxis(Axis axis, Func<JsonElement, double> place) => (Axis, _place) = (axis, place);

    public Axis Axis { get; }

    /// <param name="values">All values shown.</param>
    /// <param name="log">Null: logarithmic where all are above 0 and the largest is at least twenty times the smallest.</param>
    public static SweepAxis Create(IReadOnlyList<JsonElement> values, bool? log)
    {
        if (values.Count == 0 || values.Any(value => value.ValueKind != JsonValueKind.Number))
        {
            string[] names = [.. values.Select(Text).Distinct(StringComparer.Ordinal)];
            return new(Axis.Categories(names.Length == 0 ? [string.Empty] : names), value => Array.IndexOf(names, Text(value)));
        }

        double[] numbers = [.. values.Select(value => value.GetDouble()).Distinct().Order()];
        var isLog = numbers[0] > 0 && (log ?? numbers[^1] >= LogScaleMinRatio * numbers[0]);
        var axis = isLog ? Axis.Log(numbers) : Linear(numbers);
        return new(numbers.Length <= MaxOwnTicks ? axis with { Ticks = [.. numbers.Select(number => (number, Text(number)))] } : axis,
            value => value.GetDouble());
    }

    public double Place(JsonElement value) => _place(value);

    private static Axis Linear(double[] numbers)
    {
        var (low, high) = (numbers[0], numbers[^1]);
        var room = high > low ? (high - low) * Room : Math.Max(0.5, Math.Abs(high) * Room);
        return Axis.Between(low - room, high + room, MaxOwnTicks);
    }

    private static string Text(double number) => number != 0 && Math.Abs(number) is < 1e-3 or >= 1e6
        ? number.ToString("0.##E+0", CultureInfo.InvariantCulture)
        : number.ToString("0.#####", CultureInfo.InvariantCulture);

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
