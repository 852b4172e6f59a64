using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws a confusion matrix, and beside it what is confused most.</summary>
public static class ConfusionPlot
{
    /// <summary>Number of classes up to which cells show their counts.</summary>
    public const int MaxNumbered = 20;

    /// <summary>Classes are reordered from this number on, up to <see cref="MaxOrdered"/>.</summary>
    private const int MinOrdered = 11;
    private const int MaxOrdered = 250;
    private const int MinListed = 4;
    private const int Listed = 12;
    private const double ListWidth = 260;

    /// <param name="judged">Its confusion matrix must not be empty.</param>
    /// <param name="title">Shown before the accuracy.</param>
    public static Figure Create(SplitEvaluation judged, string title)
    {
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentOutOfRangeException.ThrowIfZero(judged.Confusion.Count);
        var count = judged.Confusion.Count;
        var isOrdered = count is >= MinOrdered and <= MaxOrdered;
        int[] order = [.. isOrdered ? ConfusionOrder.Arrange(judged.Confusion) : Enumerable.Range(0, count)];
        string[] names = [.. judged.Classes.Select(figures => figures.Name)];
        var matrix = new ConfusionMatrix(
            [.. order.Select(label => names[label])],
            [.. order.Select(row => (IReadOnlyList<int>)[.. order.Select(column => judged.Confusion[row][column])])],
            Side(count));
        var worst = Worst(judged, names);
        return new()
        {
            Title = $"{title}: {Percent(judged.Accuracy)} of {Number(judged.Images)} {judged.Split.ToWireName()} images right",
            Subtitle = "Rows are the true classes, columns what the network takes them for; the colour is the share of the row.",
            Notes = isOrdered ? ["The classes are ordered so that those that are confused stand together."] : [],
            Names = names,
            Description = $"Confusion matrix of {Number(count)} classes: {Percent(judged.Accuracy)} of {Number(judged.Images)} images "
                + "right. "
                + (worst.Length == 0 ? "Nothing is confused." : $"Most confused: {string.Join("; ", worst.Take(3))}."),
            Content = new Stack([matrix, .. Beside(count, worst)], 28, IsRow: true),
        };
    }

    private static IEnumerable<Block> Beside(int classes, string[] worst)
    {
        List<Block> blocks =
        [
            new Legend([(new(Ink.Series1, MarkKind.Square, 6), "right"), (new(Ink.Series2, MarkKind.Square, 6), "mistaken")], 0),
        ];
        if (classes >= MinListed && worst.Length > 0)
        {
            blocks.Add(new Stack(
                [
                    new Words("Most confused", Typography.Heading),
                    .. worst.Take(Listed).Select(line => new Words(line, Typography.Body, ListWidth)),
                ], 4));
        }

        yield return new Stack(blocks, 22);
    }

    /// <summary>The cells beside the diagonal, those of most images first.</summary>
    private static string[] Worst(SplitEvaluation judged, string[] names) =>
    [
        .. judged.Confusion.Select(row => (row, support: row.Sum()))
            .SelectMany((one, truth) => one.row.Select((count, said) => (truth, said, count, share: (double)count / one.support)))
            .Where(cell => cell.truth != cell.said && cell.count > 0)
            .OrderByDescending(cell => cell.count).ThenByDescending(cell => cell.share).ThenBy(cell => cell.truth).ThenBy(cell => cell.said)
            .Take(Listed)
            .Select(cell => $"{names[cell.truth]} taken for {names[cell.said]}: {Number(cell.count)} ({Percent(cell.share)})"),
    ];

    private static double Side(int classes) => classes switch
    {
        <= 2 => 140,
        <= 5 => 96,
        <= 10 => 62,
        <= MaxNumbered => 46,
        <= 40 => 20,
        <= 110 => 11,
        <= 250 => 5,
        _ => 2,
    };

    private static string Percent(double share) =>
        share.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
