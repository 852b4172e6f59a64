namespace CnnService.Core.Visualization;

/// <summary>
/// The pictures asked for last, finished, by their tags: what a page asks for again need not be put together and packed anew. The tag says what a picture's bytes
/// are, so that none is ever out of date. Thread safe.
/// </summary>
internal sealed class FinishedPictures
{
    private const int MostPictures = 64;
    private const int MostBytes = 32 << 20;

    private readonly Lock _gate = new();
    private readonly List<RenderedPicture> _recent = []; // Guarded by _gate; the newest last.

    /// <summary>Null where it is not kept.</summary>
    public RenderedPicture? Find(string tag)
    {
        lock (_gate)
        {
            return _recent.Find(picture => picture.ETag == tag);
        }
    }

    public RenderedPicture Keep(RenderedPicture picture)
    {
        lock (_gate)
        {
            _recent.RemoveAll(kept => kept.ETag == picture.ETag);
            _recent.Add(picture);
            while (_recent.Count > MostPictures || (_recent.Count > 1 && _recent.Sum(kept => (long)kept.Png.Length) > MostBytes))
            {
                _recent.RemoveAt(0);
            }
        }

        return picture;
    }
}
