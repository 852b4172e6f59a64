using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Statistics;

/// <summary>
/// Draws the filters of a layer as bars, strongest first: the largest activation of each, and the share of images it fires on.
/// </summary>
internal static class StatisticsImage
{
    private const double Width = 860;
    private const double Height = 190;

    /// <summary>Of the labels of both charts, so that their bars stand below each other.</summary>
    private const double LabelRoom = 44;

    private static readonly (FilterStatus Status, Ink Ink, string Words)[] Styles =
    [
        (FilterStatus.Live, Ink.Series1, "live"),
        (FilterStatus.Always, Ink.Series6, "always on: above 0 in more than 99% of the cells"),
        (FilterStatus.Rare, Ink.Series4, "rare: fires on less than 1% of the images"),
        (FilterStatus.Silent, Ink.Series2, "silent: never above 0 on these images"),
        (FilterStatus.Dead, Ink.Series2, "dead: never above 0 on 500 or more images"),
    ];

    /// <param name="scan">A scan of the layer.</param>
    public static Figure Draw(LayerScan scan)
    {
        ArgumentNullException.ThrowIfNull(scan);
        FilterFigures[] sorted = [.. scan.Filters.OrderByDescending(filter => filter.Max).ThenBy(filter => filter.Filter)];
        var counts = Styles.Select(style => (style, count: sorted.Count(filter => filter.Status == style.Status)))
            .Where(pair => pair.count > 0).ToArray();
        var useless = sorted.Count(filter => filter.Status is FilterStatus.Dead or FilterStatus.Silent);
        var title = $"{scan.Layer} of {scan.Model}:{ContentKey.Text(scan.Version)}: " + (useless == 0
            ? $"all {ContentKey.Text(sorted.Length)} filters fire"
            : $"{ContentKey.Text(useless)} of {ContentKey.Text(sorted.Length)} filters never {(useless == 1 ? "fires" : "fire")}");
        return new()
        {
            Title = title,
            Subtitle = $"On {ContentKey.Text(scan.Images)} {scan.Split} images of {scan.Dataset}; one bar a filter, the strongest first.",
            Description = $"{title}; " + string.Join(", ", counts.Select(pair => $"{pair.count} {Word(pair.style.Words)}")) + ".",
            Content = new Stack(
            [
                new Legend([.. counts.Select(pair => (new Mark(pair.style.Ink, MarkKind.Square, 6),
                    $"{ContentKey.Text(pair.count)} {pair.style.Words}"))], Width),
                Bars("Largest activation", sorted, filter => filter.Max, Axis.Around([0, .. sorted.Select(filter => filter.Max)])),
                Bars("Share of the images that it fires on", sorted, filter => filter.FiringImages,
                    new(0, 1, [(0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1, "100%")])),
            ], 16),
        };
    }

    /// <summary>Colour by status; silent and dead filters share one, since they differ only by the number of images.</summary>
    internal static Ink InkOf(FilterStatus status) => Styles.First(style => style.Status == status).Ink;

    private static string Word(string words) => words.Split(':')[0];

    private static Stack Bars(string name, FilterFigures[] filters, Func<FilterFigures, double> value, Axis up)
    {
        var across = new Axis(-0.5, filters.Length - 0.5, Ticks(filters)) { HasGrid = false, Name = "filter" };
        return new([new Words(name, Typography.Heading), new Plot(Width, Height, across, up with { MinRoom = LabelRoom },
            [new BarLayer([.. filters.Select((filter, i) => ((double)i, value(filter), (Paint)InkOf(filter.Status)))])])], 6);
    }

    /// <summary>The number of every filter, or of as many as there is room for.</summary>
    private static (double, string)[] Ticks(FilterFigures[] filters)
    {
        var every = (filters.Length + 19) / 20;
        return [.. filters.Index().Where(filter => filter.Index % every == 0)
            .Select(filter => ((double)filter.Index, ContentKey.Text(filter.Item.Filter)))];
    }
}
