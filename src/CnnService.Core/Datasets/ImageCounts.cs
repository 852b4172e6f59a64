namespace CnnService.Core.Datasets;

/// <summary>Number of images by split and label, and so the positions of each in the order of a revision.</summary>
public sealed class ImageCounts
{
    private readonly int[][] _counts;
    private readonly int[] _starts;

    /// <param name="counts">By split, then label; the same number of labels in each split.</param>
    public ImageCounts(int[][] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        _counts = counts;
        _starts = new int[counts.Length + 1];
        for (var split = 0; split < counts.Length; split++)
        {
            _starts[split + 1] = _starts[split] + counts[split].Sum();
        }
    }

    /// <summary>Counts images with labels from 0 to <paramref name="labels"/> - 1.</summary>
    public static ImageCounts Count(IEnumerable<DatasetImage> images, int labels)
    {
        ArgumentNullException.ThrowIfNull(images);
        var counts = Enum.GetValues<Split>().Select(_ => new int[labels]).ToArray();
        foreach (var image in images)
        {
            counts[(int)image.Split][image.Label]++;
        }

        return new(counts);
    }

    /// <summary>By split, then label.</summary>
    public IReadOnlyList<IReadOnlyList<int>> All => _counts;

    public int Total => _starts[^1];

    /// <summary>Position of the first image of a split, and their number.</summary>
    public (int Start, int Count) Of(Split split) => (_starts[(int)split], _starts[(int)split + 1] - _starts[(int)split]);

    /// <summary>Position of the first image of a class in a split, and their number; no image has an unknown label.</summary>
    public (int Start, int Count) Of(Split split, int label)
    {
        var counts = _counts[(int)split];
        return label < 0 || label >= counts.Length
            ? (0, 0)
            : (_starts[(int)split] + counts.AsSpan(0, label).ToArray().Sum(), counts[label]);
    }
}
