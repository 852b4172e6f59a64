using System.Collections;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>Consecutive images of a revision; read when they are asked for.</summary>
internal sealed class ImageRange(StoredImages images, int start, int count) : IReadOnlyList<DatasetImage>
{
    public int Count => count;

    public DatasetImage this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
            return images[start + index];
        }
    }

    public IEnumerator<DatasetImage> GetEnumerator() => images.Stream(start, count);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
