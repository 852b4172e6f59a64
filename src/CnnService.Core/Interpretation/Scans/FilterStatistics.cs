using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>Accumulates activation statistics of a layer's filters, image by image. Not thread safe.</summary>
/// <param name="filters">Number of filters of the layer.</param>
/// <param name="images">Number of images that will be added.</param>
internal sealed class FilterStatistics(int filters, int images)
{
    private readonly long[] _cells = new long[filters];
    private readonly long[] _positive = new long[filters];
    private readonly int[] _firing = new int[filters];
    private readonly double[] _sum = new double[filters];
    private readonly double[] _squares = new double[filters];
    private readonly float[][] _maxima = [.. Enumerable.Range(0, filters).Select(_ => new float[images])];
    private readonly StrongestCells[] _strongest = [.. Enumerable.Range(0, filters).Select(_ => new StrongestCells())];
    private int _images;

    /// <param name="place">Index of the image in its split.</param>
    /// <param name="maps">Activations of the layer for the image.</param>
    public void Add(int place, LayerActivations maps)
    {
        for (var filter = 0; filter < filters; filter++)
        {
            var map = maps.Map(filter);
            var (strongest, positive, sum, squares) = (0, 0, 0.0, 0.0);
            for (var cell = 0; cell < map.Length; cell++)
            {
                var value = map[cell];
                strongest = value > map[strongest] ? cell : strongest;
                positive += value > 0 ? 1 : 0;
                sum += value;
                squares += (double)value * value;
            }

            _cells[filter] += map.Length;
            _positive[filter] += positive;
            _firing[filter] += positive > 0 ? 1 : 0;
            _sum[filter] += sum;
            _squares[filter] += squares;
            _maxima[filter][_images] = map[strongest];
            _strongest[filter].Add(new(place, map[strongest], strongest / maps.Width, strongest % maps.Width));
        }

        _images++;
    }

    /// <summary>The cells with the largest activation, at most one an image, strongest first.</summary>
    public IReadOnlyList<ScannedCell> Strongest(int filter) => _strongest[filter].Sorted;

    public FilterFigures Figures(int filter)
    {
        var sorted = _maxima[filter].AsSpan(0, _images).ToArray();
        Array.Sort(sorted);
        var mean = _sum[filter] / _cells[filter];
        var positive = (double)_positive[filter] / _cells[filter];
        var firing = (double)_firing[filter] / _images;
        return new()
        {
            Filter = filter,
            Status = StatusOf(sorted[^1], positive, firing, _images),
            PositiveCells = positive,
            FiringImages = firing,
            Mean = mean,
            Deviation = Math.Sqrt(Math.Max(0, (_squares[filter] / _cells[filter]) - (mean * mean))),
            Max = sorted[^1],
            MedianMax = Quantile(sorted, 0.5),
            P99Max = Quantile(sorted, 0.99),
            P999Max = Quantile(sorted, 0.999),
        };
    }

    private static FilterStatus StatusOf(double max, double positive, double firing, int images) =>
        max <= 0 ? images >= FilterFigures.MinImagesForDead ? FilterStatus.Dead : FilterStatus.Silent
        : firing < FilterFigures.RareBelow ? FilterStatus.Rare
        : positive > FilterFigures.AlwaysAbove ? FilterStatus.Always
        : FilterStatus.Live;

    /// <summary>Linear interpolation between the two nearest values, as NumPy's default.</summary>
    private static double Quantile(float[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
