namespace CnnService.Core.Datasets;

/// <summary>Number of images by split and label, and so the positions of each in the order of a revision.</summary>
public sealed class ImageCounts
{
    private readonly int[][] _counts;

    /// <summary>By split, then label; the position behind the last image of the split comes last.</summary>
    private readonly int[][] _starts;

    /// <param name="counts">By split, then label; the same number of labels in each split.</param>
    public ImageCounts(int[][] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        _counts = counts;
        _starts = new int[counts.Length][];
        var position = 0;
        for (var split = 0; split < counts.Length; split++)
        {
            var starts = _starts[split] = new int[counts[split].Length + 1];
            for (var label = 0; label < counts[split].Length; label++)
            {
                starts[label] = position;
                position += counts[split][label];
            }

            starts[^1] = position;
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

    public int Total => _starts[^1][^1];

    /// <summary>Position of the first image of a split, and their number.</summary>
    public (int Start, int Count) Of(Split split) => (_starts[(int)split][0], _starts[(int)split][^1] - _starts[(int)split][0]);

    /// <summary>Position of the first image of a label in a split, and their number; no image has an unknown label.</summary>
    public (int Start, int Count) Of(Split split, int label) =>
        label < 0 || label >= _counts[(int)split].Length ? (0, 0) : (_starts[(int)split][label], _counts[(int)split][label]);
}
