using System.Globalization;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// Draws a projection as a scatter plot: one mark an image, coloured by class, hollow if the prediction is wrong, and each class's name at
/// its median. Both axes have the same scale.
/// </summary>
public static class ProjectionImage
{
    private const double Side = 600;
    private const double Room = 0.04;
    private const int MaxListed = 24;
    private const int MaxNamed = 12;

    /// <param name="projection">A projection of at least one image.</param>
    public static Figure Draw(ProjectionFigures projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var labels = projection.Classes.Index().ToDictionary(named => named.Item, named => named.Index, StringComparer.Ordinal);
        var wrong = projection.Images.Count(image => image.IsCorrect == false);
        var (across, up) = Axes(projection);
        var images = ContentKey.Text(projection.Images.Count);
        return new()
        {
            Title = $"{images} {projection.Split} images of {projection.Dataset} as {projection.Layer} sees them",
            Subtitle = $"{projection.Model}:{ContentKey.Text(projection.Version)}; {Caption(projection)}.",
            Description = $"{Caption(projection)} of {images} images in {ContentKey.Text(labels.Count)} classes, "
                + $"{ContentKey.Text(wrong)} of them mistaken by the network.",
            Notes =
            [
                "Near each other is what the layer finds alike. A name stands at the median of its class; hollow marks are images that "
                + "the network takes for another class.",
            ],
            Names = projection.Classes,
            Content = new Stack(
            [
                new Plot(Side, Side, across, up,
                [
                    new MarkLayer([.. projection.Images.OrderBy(image => image.IsCorrect == false).Select(image => (
                        new Point(image.X, image.Y), Mark.For(labels[image.Class]) with { IsHollow = image.IsCorrect == false }))]),
                    new NameLayer(Medians(projection)),
                ]),
                Legend(projection, labels, wrong),
            ], 24, IsRow: true),
        };
    }

    /// <summary>A square around all points, so that distances are alike in both directions.</summary>
    internal static (Axis Across, Axis Up) Axes(ProjectionFigures projection)
    {
        var (left, right) = (projection.Images.Min(image => image.X), projection.Images.Max(image => image.X));
        var (bottom, top) = (projection.Images.Min(image => image.Y), projection.Images.Max(image => image.Y));
        var widest = Math.Max(right - left, top - bottom);
        var span = widest > 0 ? widest * (1 + (2 * Room)) : 1;
        return (Axis((left + right - span) / 2, 0), Axis((bottom + top - span) / 2, 1));

        Axis Axis(double low, int number) => Drawing.Figures.Axis.Between(low, low + span, 8) with { Name = AxisName(projection, number) };
    }

    private static string Caption(ProjectionFigures projection)
    {
        var trust = projection.Trustworthiness is { } known
            ? $", trustworthiness {known.ToString("F2", CultureInfo.InvariantCulture)} (1: all neighbours are neighbours in the layer)"
            : "";
        return projection.Method == ProjectionMethod.Pca
            ? $"principal components of {ContentKey.Text(projection.Features)} features{trust}"
            : $"t-SNE of {ContentKey.Text(projection.Features)} features, perplexity "
                + $"{projection.Perplexity?.ToString("0.#", CultureInfo.InvariantCulture)}{trust}";
    }

    private static string AxisName(ProjectionFigures projection, int axis)
    {
        var number = ContentKey.Text(axis + 1);
        var variance = projection.ExplainedVariance.ElementAtOrDefault(axis);
        return projection.Method == ProjectionMethod.Tsne
            ? $"t-SNE {number}"
            : $"component {number}: {(100 * variance).ToString("0.0", CultureInfo.InvariantCulture)}% of the variance";
    }

    /// <summary>The median place of each class; none where names would cover the marks.</summary>
    private static (Point, string)[] Medians(ProjectionFigures projection)
    {
        var groups = projection.Images.GroupBy(image => image.Class, StringComparer.Ordinal).ToArray();
        return groups.Length > MaxNamed ? [] : [.. groups.Select(group =>
            (new Point(Median(group.Select(image => image.X)), Median(group.Select(image => image.Y))), group.Key))];
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static Stack Legend(ProjectionFigures projection, Dictionary<string, int> labels, int wrong)
    {
        var counts = projection.Images.CountBy(image => image.Class, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        string[] shown = [.. projection.Classes.Where(counts.ContainsKey)];
        List<(Mark, string)> entries =
            [.. shown.Take(MaxListed).Select(name => (Mark.For(labels[name]), $"{name}, {ContentKey.Text(counts[name])}"))];
        if (projection.Images.Any(image => image.IsCorrect is not null))
        {
            entries.Add((new Mark(Ink.Text, IsHollow: true), $"mistaken, {ContentKey.Text(wrong)}"));
        }

        return new(
        [
            new Legend(entries, 0),
            .. shown.Length > MaxListed ? (Block[])[new Words($"and {shown.Length - MaxListed} more classes", Typography.Small)] : [],
        ], 8);
    }
}
