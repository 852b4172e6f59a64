using System.Globalization;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>Curves over the epochs, which grow while a run goes on.</summary>
public sealed partial class LiveChart
{
    private const int W = 640;
    private const int H = 300;
    private const int Left = 56;
    private const int Right = 16;
    private const int Top = 12;
    private const int Bottom = 28;
    private const int First = 1;
    private const int WantedTicks = 4;

    private static readonly double[] Factors = [1, 2, 5, 10];

    private double[] _ticks = [];

    /// <summary>What is drawn.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartLine> Lines { get; set; } = [];

    /// <summary>What it is about: "Accuracy".</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = string.Empty;

    /// <summary>Epochs in all, so that the curve grows into its frame; 0: as many as there are.</summary>
    [Parameter]
    public int Epochs { get; set; }

    /// <summary>Whether the values are shares, shown in percent from 0 to 1.</summary>
    [Parameter]
    public bool IsShare { get; set; }

    /// <summary>An epoch to mark, such as the best one.</summary>
    [Parameter]
    public int? MarkedEpoch { get; set; }

    private int Last => Math.Max(Math.Max(Epochs, First), Lines.Count == 0 ? First : Lines.Max(line => line.Values.Count));

    private string Description => $"{Name}: " + string.Join(", ", Lines.Select(line => LastOf(line) is { } end
        ? $"{line.Name} {Format(end.Value)} at epoch {end.Index + 1}" : $"{line.Name} not measured yet"));

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        var values = Lines.SelectMany(line => line.Values).OfType<double>().Where(double.IsFinite).DefaultIfEmpty(1).ToArray();
        var low = IsShare ? Math.Floor(10 * values.Min()) / 10 : Math.Min(0, values.Min());
        var high = IsShare ? 1 : values.Max();
        var step = Step(Math.Max(high - low, 1e-6) / WantedTicks);
        var start = Math.Floor((low / step) + 1e-9);
        var count = (int)Math.Ceiling(((high / step) - start) - 1e-9);
        _ticks = [.. Enumerable.Range(0, Math.Max(count, 1) + 1).Select(tick => (start + tick) * step)];
    }

    /// <summary>1, 2 or 5 times a power of ten, not less than what is asked for.</summary>
    private static double Step(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * Factors.First(factor => factor * power >= least * (1 - 1e-9));
    }

    private static string N(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private static (int Index, double Value)? LastOf(ChartLine line)
    {
        for (var index = line.Values.Count - 1; index >= 0; index--)
        {
            if (line.Values[index] is { } value && double.IsFinite(value))
            {
                return (index, value);
            }
        }

        return null;
    }

    /// <summary>In SVG a text is an element that Razor takes for a word of its own.</summary>
    private static MarkupString Label(double x, double y, string anchor, string number) =>
        new($"<text class=\"tick\" x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\">{number}</text>");

    private string Format(double value) =>
        IsShare ? Words.Percent(value, value * 1000 % 10 < 1e-6 ? 0 : 1) : value.ToString("0.###", CultureInfo.InvariantCulture);

    private double X(int epoch) => Left + ((W - Left - Right) * (Last == First ? 0.5 : (double)(epoch - First) / (Last - First)));

    private double Y(double value) => H - Bottom - ((H - Bottom - Top) * ((value - _ticks[0]) / (_ticks[^1] - _ticks[0])));

    private string PointsOf(ChartLine line) => string.Join(' ', line.Values.Index()
        .Where(point => point.Item is { } value && double.IsFinite(value))
        .Select(point => $"{N(X(point.Index + 1))},{N(Y(point.Item!.Value))}"));
}
