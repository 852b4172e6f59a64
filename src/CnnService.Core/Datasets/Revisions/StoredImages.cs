namespace CnnService.Core.Datasets.Revisions;

/// <summary>The images of a revision that lies in files: its own, and the base that it changes, if it has one.</summary>
internal sealed class StoredImages(RevisionFile own, RevisionFile? root) : ImageList
{
    private const int Block = 512;
    private const int Nearby = 64;

    private readonly ImageCounts _counts = Counts(own, root);

    /// <summary>The images that were read last one by one: neighbours are often asked for next.</summary>
    private volatile Neighbours _neighbours = new(0, []);

    public override int Count => _counts.Total;

    public override DatasetImage this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var known = _neighbours;
            if (index < known.Start || index >= known.Start + known.Images.Count)
            {
                var start = index - (index % Nearby);
                _neighbours = known = new(start, Read(start, Math.Min(Nearby, Count - start)));
            }

            return known.Images[index - known.Start];
        }
    }

    public override int CountOf(Split split) => _counts.Of(split).Count;

    public override int CountOf(Split split, int label) => _counts.Of(split, label).Count;

    public override IReadOnlyList<DatasetImage> Of(Split split) => Range(_counts.Of(split));

    public override IReadOnlyList<DatasetImage> Of(Split split, int label) => Range(_counts.Of(split, label));

    public override IReadOnlyList<DatasetImage> Read(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - count);
        using var rows = new OpenFiles(own, root);
        return Read(rows, start, count);
    }

    public override int IndexOf(string id)
    {
        using var rows = new OpenFiles(own, root);
        return PositionOf(rows.Own.Find(id), isBase: false) is >= 0 and var changed ? changed
            : rows.Base is { } unchanged ? PositionOf(unchanged.Find(id), isBase: true)
            : -1;
    }

    public override int IndexIn(Split split, string id)
    {
        var (start, count) = _counts.Of(split);
        return IndexOf(id) is var index && index >= start && index < start + count ? index - start : -1;
    }

    /// <summary>The row of the base that an image's row is; -1 where it lies in the revision's own file and this has a base.</summary>
    public int BaseRow(int position)
    {
        var segment = own.Segments[SegmentAt(position)];
        return root is null || segment.IsBase ? segment.Row + position - segment.Start : -1;
    }

    /// <summary>The file that a further revision can be a change of.</summary>
    public RevisionFile Base => root ?? own;

    public override IEnumerator<DatasetImage> GetEnumerator() => Stream(0, Count);

    internal IEnumerator<DatasetImage> Stream(int start, int count)
    {
        using var rows = new OpenFiles(own, root);
        for (var at = start; at < start + count; at += Block)
        {
            foreach (var image in Read(rows, at, Math.Min(Block, start + count - at)))
            {
                yield return image;
            }
        }
    }

    private DatasetImage[] Read(OpenFiles rows, int start, int count)
    {
        var images = new DatasetImage[count];
        for (var (done, index) = (0, count == 0 ? 0 : SegmentAt(start)); done < count; index++)
        {
            var segment = own.Segments[index];
            var skip = start + done - segment.Start;
            var room = images.AsSpan(done, Math.Min(count - done, segment.Count - skip));
            if (segment.IsBase)
            {
                rows.Base!.Read(segment.Row + skip, room, own.Header.BaseLabels);
            }
            else
            {
                rows.Own.Read(segment.Row + skip, room, null);
            }

            done += room.Length;
        }

        return images;
    }

    /// <exception cref="InvalidDataException">The images that the header counts are not those that the files have.</exception>
    private static ImageCounts Counts(RevisionFile own, RevisionFile? root)
    {
        var counts = new ImageCounts([.. own.Header.Counts]);
        var isSound = own.Segments.All(segment => segment.Count >= 0 && segment.Row >= 0
            && (long)segment.Row + segment.Count <= (segment.IsBase ? root?.Rows ?? 0 : own.Rows));
        return isSound && own.Segments.Sum(segment => (long)segment.Count) == counts.Total
            ? counts
            : throw new InvalidDataException("its header counts other images than it has");
    }

    private int SegmentAt(int position)
    {
        var (low, high) = (0, own.Segments.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            (low, high) = own.Segments[middle].Start <= position ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private int PositionOf(int row, bool isBase)
    {
        foreach (var segment in row < 0 ? [] : own.Segments)
        {
            if (segment.IsBase == isBase && row >= segment.Row && row < segment.Row + segment.Count)
            {
                return segment.Start + row - segment.Row;
            }
        }

        return -1;
    }

    private ImageRange Range((int Start, int Count) range) => new(this, range.Start, range.Count);

    private sealed record Neighbours(int Start, IReadOnlyList<DatasetImage> Images);

    /// <summary>The files of a revision while they are read.</summary>
    private sealed class OpenFiles(RevisionFile own, RevisionFile? root) : IDisposable
    {
        public RevisionRows Own { get; } = own.OpenRows();

        public RevisionRows? Base { get; } = root?.OpenRows();

        public void Dispose()
        {
            Own.Dispose();
            Base?.Dispose();
        }
    }
}
