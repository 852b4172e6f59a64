using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Imaging.Codec;
using Microsoft.Extensions.Options;

namespace CnnService.Imaging.Cache;

/// <inheritdoc cref="IPixelCache"/>
internal sealed class PixelCache(IImageDecoder decoder, IOptions<ImagingOptions> options, TimeProvider clock) : IPixelCache
{
    /// <summary>Most packs of one data set and size; they are put together before another one is made.</summary>
    private const int MaxPacks = 16;

    /// <summary>Other processes may delete what this one has just found; more often than that they do not.</summary>
    private const int MaxBuilds = 3;

    /// <summary>Age from which on an unfinished pack belongs to a process that is gone.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(7);

    private readonly ImagingOptions _options = options.Value;

    public string Folder => _options.PixelCacheFolder;

    public Outcome<IPixelSource> Open(
        string datasetFolder, DatasetManifest manifest, Split split, int height, int width, int channels, CancellationToken cancel,
        IProgress<int>? decoded = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var key = new PackKey(manifest.Name, height, width, channels);
        var images = manifest.Images.Of(split);
        if (images.Count == 0)
        {
            return Problem.Unprocessable("dataset.empty-split", $"The data set '{manifest.Name}' has no {split} images.");
        }

        for (var build = 0; build <= MaxBuilds; build++)
        {
            using var search = new PackSearch(key, Folder);
            var found = search.Find(images, cancel);
            if (Array.TrueForAll(found, image => image.Pack >= 0))
            {
                return Outcome.Success<IPixelSource>(Take(search, found));
            }

            if (Build(datasetFolder, manifest, images, found, search, key, decoded, cancel) is { } problem)
            {
                return problem;
            }
        }

        throw new InvalidOperationException($"The pixel cache of '{manifest.Name}' is not whole right after it was written.");
    }

    public IPixelSource? TryOpen(DatasetManifest manifest, Split split, int height, int width, int channels)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        using var search = new PackSearch(new(manifest.Name, height, width, channels), Folder);
        if (search.Packs.Count == 0)
        {
            return null;
        }

        var found = search.Find(manifest.Images.Of(split), CancellationToken.None);
        return Array.TrueForAll(found, image => image.Pack >= 0) ? Take(search, found) : null;
    }

    /// <summary>
    /// Deletes the least recently used files until <paramref name="needed"/> bytes fit the budget, and what dead processes left.
    /// </summary>
    /// <param name="needed">Bytes that are to be written.</param>
    /// <param name="inUse">Packs that stay in any case.</param>
    public void MakeRoom(long needed, IReadOnlyList<PixelPack> inUse)
    {
        var folder = Directory.CreateDirectory(Folder);
        foreach (var left in folder.GetFiles($"*{DurableFile.TemporaryMark}*")
            .Where(file => clock.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > Abandoned))
        {
            left.Delete();
        }

        var files = folder.GetFiles($"*{PackKey.Extension}").OrderBy(file => file.LastAccessTimeUtc).ToList();
        var taken = files.Sum(file => file.Length) + needed;
        var kept = inUse.Select(pack => Path.GetFileName(pack.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in files.Where(file => !kept.Contains(file.Name)).TakeWhile(_ => taken > _options.PixelCacheBytes))
        {
            taken -= file.Length;
            file.Delete();
        }
    }

    private PackedPixels Take(PackSearch search, PackedImage[] found)
    {
        foreach (var pack in found.Select(image => image.Pack).Distinct())
        {
            // The order in which packs are deleted; another process may have deleted this one already.
            if (File.Exists(search.Packs[pack].Path))
            {
                File.SetLastAccessTimeUtc(search.Packs[pack].Path, clock.GetUtcNow().UtcDateTime);
            }
        }

        return search.Take(found);
    }

    /// <summary>Decodes the images that are in no pack into a further one; many packs become one then.</summary>
    private Problem? Build(
        string datasetFolder, DatasetManifest manifest, IReadOnlyList<DatasetImage> images, PackedImage[] found, PackSearch search,
        PackKey key, IProgress<int>? told, CancellationToken cancel)
    {
        DatasetImage[] missing = [
            .. images.Zip(found).Where(pair => pair.Second.Pack < 0).Select(pair => pair.First).DistinctBy(image => image.Sha256)];
        MakeRoom((long)missing.Length * key.BytesPerImage, search.Packs);
        using var writer = new PackWriter(Folder);
        if (Decode(datasetFolder, missing, key, writer, told, cancel) is { } problem)
        {
            return problem;
        }

        var isMerged = search.Packs.Count >= MaxPacks;
        if (isMerged)
        {
            Merge(manifest, search, writer, missing.Length, cancel);
        }

        writer.Publish(key, Folder);
        foreach (var pack in isMerged ? search.Packs : [])
        {
            File.Delete(pack.Path);
        }

        return null;
    }

    private Problem? Decode(
        string datasetFolder, DatasetImage[] missing, PackKey key, PackWriter writer, IProgress<int>? told, CancellationToken cancel)
    {
        Problem? failure = null;
        Parallel.For(0, missing.Length, new ParallelOptions
        {
            CancellationToken = cancel,
            MaxDegreeOfParallelism = Environment.ProcessorCount,
        }, (index, loop) =>
        {
            DatasetFolder
                .DecodeImage(datasetFolder, missing[index], file => decoder.Decode(file, new(key.Width, key.Height, key.Channels)))
                .Match(
                    decoded =>
                    {
                        writer.Write(index, missing[index].Sha256, decoded.Data);
                        told?.Report(1);
                        return true;
                    },
                    problem =>
                    {
                        Interlocked.CompareExchange(ref failure, problem, null);
                        loop.Stop();
                        return false;
                    });
        });
        return failure;
    }

    /// <summary>Copies what the packs hold of this revision; what only others hold is decoded again when it is asked for.</summary>
    private static void Merge(DatasetManifest manifest, PackSearch search, PackWriter writer, int place, CancellationToken cancel)
    {
        foreach (var image in manifest.Images.DistinctBy(image => image.Sha256))
        {
            cancel.ThrowIfCancellationRequested();
            if (search.Find(image) is { Pack: >= 0 } known)
            {
                writer.Write(place++, image.Sha256, search.Packs[known.Pack].Pixels(known.Place));
            }
        }
    }
}
