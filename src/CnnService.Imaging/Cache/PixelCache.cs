using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Imaging.Codec;
using Microsoft.Extensions.Options;

namespace CnnService.Imaging.Cache;

/// <inheritdoc cref="IPixelCache"/>
internal sealed class PixelCache(IImageDecoder decoder, IOptions<ImagingOptions> options, TimeProvider clock) : IPixelCache
{
    private readonly ImagingOptions _options = options.Value;

    public string Folder => _options.PixelCacheFolder;

    public Outcome<IPixelSource> Open(
        string datasetFolder, DatasetManifest manifest, Split split, int height, int width, int channels, CancellationToken cancel,
        IProgress<int>? decoded = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var key = new CacheKey(manifest.Digest, split, height, width, channels);
        DatasetImage[] images = [.. manifest.Images.Of(split)];
        if (images.Length == 0)
        {
            return Problem.Unprocessable("dataset.empty-split", $"The data set '{manifest.Name}' has no {split} images.");
        }

        if (TryOpen(key, images.Length) is { } ready)
        {
            return Outcome.Success<IPixelSource>(ready);
        }

        return Build(datasetFolder, images, key, decoded, cancel) is { } problem
            ? problem
            : Outcome.Success<IPixelSource>(TryOpen(key, images.Length)
                ?? throw new InvalidOperationException($"The pixel cache '{key.PathIn(Folder)}' is not whole right after it was written."));
    }

    public IPixelSource? TryOpen(DatasetManifest manifest, Split split, int height, int width, int channels)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return TryOpen(new CacheKey(manifest.Digest, split, height, width, channels), manifest.Images.CountOf(split));
    }

    private MappedPixels? TryOpen(CacheKey key, int count)
    {
        var path = key.PathIn(Folder);
        var ready = MappedPixels.TryOpen(path, key, count);
        if (ready is not null)
        {
            File.SetLastAccessTimeUtc(path, clock.GetUtcNow().UtcDateTime); // The eviction order.
        }

        return ready;
    }

    /// <summary>Deletes the least recently used files until <paramref name="needed"/> bytes fit the budget.</summary>
    public void MakeRoom(long needed)
    {
        var files =
            new DirectoryInfo(Directory.CreateDirectory(Folder).FullName).GetFiles("*.pixels").OrderBy(file => file.LastAccessTimeUtc)
            .ToList();
        var taken = files.Sum(file => file.Length) + needed;
        foreach (var file in files.TakeWhile(_ => taken > _options.PixelCacheBytes))
        {
            taken -= file.Length;
            file.Delete();
        }
    }

    private Problem? Build(
        string datasetFolder, DatasetImage[] images, CacheKey key, IProgress<int>? progress, CancellationToken cancel)
    {
        MakeRoom((long)images.Length * key.BytesPerImage);
        using var writer = new CacheWriter(Folder, key, images.Length);
        Problem? failure = null;
        Parallel.For(0, images.Length, new ParallelOptions
        {
            CancellationToken = cancel,
            MaxDegreeOfParallelism = Environment.ProcessorCount,
        }, (index, loop) =>
        {
            DatasetFolder
                .DecodeImage(datasetFolder, images[index], file => decoder.Decode(file, new(key.Width, key.Height, key.Channels)))
                .Match(
                    decoded =>
                    {
                        decoded.Data.CopyTo(writer.Row(index));
                        writer.SetLabel(index, images[index].Label);
                        progress?.Report(1);
                        return true;
                    },
                    problem =>
                    {
                        Interlocked.CompareExchange(ref failure, problem, null);
                        loop.Stop();
                        return false;
                    });
        });
        if (failure is null)
        {
            writer.Publish();
        }

        return failure;
    }
}
