using CnnService.Core.Datasets;

namespace CnnService.Imaging.Cache;

/// <summary>Looks for the images of a data set in the packs that there are. Owns the packs until a source takes them.</summary>
internal sealed class PackSearch : IDisposable
{
    /// <summary>Images that are looked for at once.</summary>
    private const int Block = 4096;

    private readonly PackKey _key;
    private List<PixelPack> _packs;

    /// <param name="key">Data set and size.</param>
    /// <param name="folder">The folder of the cache. Packs of it that are torn are deleted.</param>
    public PackSearch(PackKey key, string folder)
    {
        (_key, _packs) = (key, []);
        foreach (var path in key.FilesIn(folder))
        {
            if (PixelPack.TryOpen(path, key) is { } pack)
            {
                _packs.Add(pack);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    public IReadOnlyList<PixelPack> Packs => _packs;

    /// <summary>Where each of the images lies, checked on all cores.</summary>
    public PackedImage[] Find(IReadOnlyList<DatasetImage> images, CancellationToken cancel)
    {
        var found = new PackedImage[images.Count];
        var first = 0;
        foreach (var block in images.Chunk(Block))
        {
            var start = first;
            Parallel.For(0, block.Length, new ParallelOptions { CancellationToken = cancel }, i => found[start + i] = Find(block[i]));
            first += block.Length;
        }

        return found;
    }

    /// <summary>Where an image lies.</summary>
    public PackedImage Find(DatasetImage image)
    {
        Span<byte> hash = stackalloc byte[PackEntry.HashBytes];
        Convert.FromHexString(image.Sha256, hash, out _, out _);
        for (var pack = 0; pack < _packs.Count; pack++)
        {
            if (_packs[pack].Find(hash) is >= 0 and var place)
            {
                return new(pack, place, image.Label);
            }
        }

        return new(-1, 0, image.Label);
    }

    /// <summary>The images as a source, which closes the packs.</summary>
    public PackedPixels Take(PackedImage[] found)
    {
        var source = new PackedPixels(_key, _packs, found);
        _packs = [];
        return source;
    }

    public void Dispose() => _packs.ForEach(pack => pack.Dispose());
}
