using System.Collections;
using System.Runtime.CompilerServices;

namespace CnnService.Core.Datasets;

/// <summary>
/// The images of one revision of a data set, in their fixed order: by split, class, then content hash. They are read when they are asked
/// for, in parts; enumerating them streams. Immutable and thread safe.
/// </summary>
[CollectionBuilder(typeof(ImageList), nameof(Create))]
public abstract class ImageList : IReadOnlyList<DatasetImage>
{
    public abstract int Count { get; }

    public virtual DatasetImage this[int index] => Read(index, 1)[0];

    /// <summary>Images in memory, in any order: those of a data set that is being made.</summary>
    public static ImageList Create(ReadOnlySpan<DatasetImage> images) => new MemoryImages(images.ToArray());

    /// <summary>Number of images of a split.</summary>
    public abstract int CountOf(Split split);

    /// <summary>Number of images of a label in a split.</summary>
    public abstract int CountOf(Split split, int label);

    /// <summary>The images of a split, in order; nothing is read yet.</summary>
    public abstract IReadOnlyList<DatasetImage> Of(Split split);

    /// <summary>The images of a label in a split, in order; nothing is read yet.</summary>
    public abstract IReadOnlyList<DatasetImage> Of(Split split, int label);

    /// <summary>Consecutive images of those that a split and a label leave.</summary>
    /// <param name="split">Only images of this split; null: of all.</param>
    /// <param name="label">Only images of this label; null: of all.</param>
    /// <param name="skip">How many of them come before.</param>
    /// <param name="take">At most as many.</param>
    public IReadOnlyList<DatasetImage> Page(Split? split, int? label, int skip, int take)
    {
        IReadOnlyList<DatasetImage>[] parts = (split, label) switch
        {
            ({ } one, { } of) => [Of(one, of)],
            ({ } one, null) => [Of(one)],
            (null, { } of) => [.. Enum.GetValues<Split>().Select(each => Of(each, of))],
            _ => [this],
        };
        return Page(parts, skip, take);
    }

    /// <summary>Consecutive images of lists that follow one another.</summary>
    internal static IReadOnlyList<DatasetImage> Page(IEnumerable<IReadOnlyList<DatasetImage>> parts, int skip, int take)
    {
        var page = new List<DatasetImage>();
        foreach (var part in parts)
        {
            for (var i = skip; i < part.Count && page.Count < take; i++)
            {
                page.Add(part[i]);
            }

            skip = Math.Max(0, skip - part.Count);
        }

        return page;
    }

    /// <summary>Consecutive images.</summary>
    /// <param name="start">Position of the first one, from 0.</param>
    /// <param name="count">Their number; they must exist.</param>
    public abstract IReadOnlyList<DatasetImage> Read(int start, int count);

    /// <summary>Position of the image with this id; -1 if there is none.</summary>
    public abstract int IndexOf(string id);

    /// <summary>Position of the image with this id among those of a split; -1 if there is none.</summary>
    public abstract int IndexIn(Split split, string id);

    /// <summary>The image with this id, or null.</summary>
    public DatasetImage? Find(string id) => IndexOf(id) is >= 0 and var index ? this[index] : null;

    public abstract IEnumerator<DatasetImage> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
