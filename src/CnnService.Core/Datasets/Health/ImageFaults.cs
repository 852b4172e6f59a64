namespace CnnService.Core.Datasets.Health;

/// <summary>
/// Images that are blank, tiny or far from the others. Far is told by the median and the median of the distances from it, which outliers
/// do not move (Leys et al., "Detecting outliers", 2013).
/// </summary>
internal static class ImageFaults
{
    /// <summary>Standard deviation of the brightness below which nothing is to be seen.</summary>
    private const double BlankContrast = 3;

    /// <summary>
    /// Pixels of the shorter side below which an image among larger ones is tiny, and how much larger the others have to be.
    /// </summary>
    private const int TinySide = 32;
    private const double TinyRatio = 2;

    /// <summary>Distances from the median, in robust standard deviations, from which an image is odd.</summary>
    private const double OddDeviations = 6;

    /// <summary>The median of the distances of a normal distribution, in standard deviations.</summary>
    private const double NormalMedian = 0.6745;

    private static readonly Trait[] Traits =
    [
        new("width over height", 2, (image, _) => Math.Log((double)image.Width / image.Height), Math.Exp, "0.##"),
        new("pixels", 8, (image, _) => Math.Log((double)image.Width * image.Height), Math.Exp, "N0"),
        new("brightness", 60, (_, facts) => facts.Brightness, value => value, "0"),
        new("colourfulness", 60, (_, facts) => facts.Colourfulness, value => value, "0"),
    ];

    /// <summary>The faults of each kind, the worst first; indices of images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="facts">Of each image; null where it could not be read.</param>
    public static IEnumerable<(ImageFault Fault, int Image, string Reason)> Find(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<ImageFacts?> facts)
    {
        int[] seen = [.. Enumerable.Range(0, images.Count).Where(i => facts[i] is not null)];
        if (seen.Length == 0)
        {
            return [];
        }

        var side = Median([.. seen.Select(i => (double)Side(images[i]))]);
        var blank = seen.Where(i => facts[i]!.Contrast < BlankContrast).OrderBy(i => facts[i]!.Contrast)
            .Select(i => (ImageFault.Blank, i, $"one even surface: its brightness varies by {facts[i]!.Contrast:0.0} of 255")).ToArray();
        var tiny = seen.Where(i => Side(images[i]) is var shorter && shorter < TinySide && shorter * TinyRatio < side)
            .OrderBy(i => Side(images[i]))
            .Select(i => (ImageFault.Tiny, i,
                $"{images[i].Width}x{images[i].Height} pixels, where the shorter side has {side:0} in the median"));
        return blank.Concat(tiny).Concat(Odd(images, facts, [.. seen.Except(blank.Select(one => one.i))]));
    }

    private static IEnumerable<(ImageFault Fault, int Image, string Reason)> Odd(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<ImageFacts?> facts, int[] seen) => Traits
        .SelectMany(trait => Outliers(trait, [.. seen.Select(i => trait.Measure(images[i], facts[i]!))])
            .Select(found => (Image: seen[found.Place], found.Distance, found.Reason)))
        .GroupBy(found => found.Image)
        .OrderByDescending(of => of.Max(one => one.Distance))
        .Select(of => (ImageFault.Odd, of.Key, string.Join("; ", of.Select(one => one.Reason))));

    private static IEnumerable<(int Place, double Distance, string Reason)> Outliers(Trait trait, double[] values)
    {
        if (values.Length == 0)
        {
            yield break;
        }

        var median = Median(values);
        var deviation = Median([.. values.Select(value => Math.Abs(value - median))]) / NormalMedian;
        var limit = Math.Max(trait.MinDistance, OddDeviations * deviation);
        for (var i = 0; i < values.Length; i++)
        {
            if (Math.Abs(values[i] - median) is var distance && distance > limit)
            {
                yield return (i, distance / limit, $"{trait.Name} {trait.Text(values[i])}, where the median is {trait.Text(median)}");
            }
        }
    }

    private static int Side(DatasetImage image) => Math.Min(image.Width, image.Height);

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <param name="Name">For people.</param>
    /// <param name="Least">The least difference that counts, whatever the others vary by; a ratio where a logarithm is measured.</param>
    /// <param name="Measure">The value of an image.</param>
    /// <param name="Show">The value as people know it.</param>
    /// <param name="Format">Of that.</param>
    private sealed record Trait(
        string Name, double Least, Func<DatasetImage, ImageFacts, double> Measure, Func<double, double> Show, string Format)
    {
        public double MinDistance => Show(0) == 0 ? Least : Math.Log(Least);

        public string Text(double value) => Show(value).ToString(Format, System.Globalization.CultureInfo.InvariantCulture);
    }
}
