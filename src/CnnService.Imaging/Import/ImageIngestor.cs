using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using CnnService.Core.Datasets;
using CnnService.Imaging.Cache;

namespace CnnService.Imaging.Import;

/// <summary>
/// Decodes the files of a source: one thread reads the source while the others decode. Each decodable file is stored once under its hash
/// and its pixels are written to a pack, so that nothing is decoded twice. Single use: one instance per source.
/// </summary>
/// <param name="decoder">Decodes the files.</param>
/// <param name="imagesFolder">The files are stored here, under their hashes.</param>
/// <param name="decoded">Receives the pixels, <c>[side, side, 3]</c>.</param>
/// <param name="maxSide">Maximum side, pixels; smaller images are not enlarged to it.</param>
/// <param name="watch">Is told of every file that is read or decoded, and ends an import that is stuck.</param>
internal sealed class ImageIngestor(IImageDecoder decoder, string imagesFolder, PackWriter decoded, int maxSide, StallWatch watch)
{
    private const int QueueCapacity = 32;
    private const int ReportEvery = 100;

    private readonly Dictionary<string, int> _countById = [];
    private readonly ConcurrentDictionary<string, bool> _stored = new(StringComparer.Ordinal);

    /// <summary>Set by the reading thread before the first image is queued, so that every worker sees it.</summary>
    private int? _side;

    /// <summary>Width and height that all images are decoded to: the longer side of the first image, limited to the maximum.</summary>
    public int Side => _side ?? maxSide;

    /// <summary>
    /// Reads the source to its end. A failure of the source, a worker or the progress callback ends it at once and is
    /// rethrown.
    /// </summary>
    /// <param name="files">Enumerated once, on one thread.</param>
    /// <param name="progress">Reported every hundredth file.</param>
    /// <param name="total">Expected number of files; 0 where unknown.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>One entry per file, accepted or rejected, in the order of the source.</returns>
    /// <exception cref="SourceStalledException">The source or the decoder is stuck; what is stuck is left behind.</exception>
    public async Task<List<ImportedImage>> IngestAsync(
        IEnumerable<SourceFile> files, IProgress<ImportProgress> progress, int total, CancellationToken cancel)
    {
        // Not disposed: what is left behind may still look at its token.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            return await watch.FollowAsync(Task.Run(() => IngestAllAsync(files, progress, total, stop, cancel), cancel));
        }
        catch (SourceStalledException)
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task<List<ImportedImage>> IngestAllAsync(
        IEnumerable<SourceFile> files, IProgress<ImportProgress> progress, int total, CancellationTokenSource stop,
        CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<(int Number, string Id, string Sha, SourceFile File)>(QueueCapacity);
        var taken = new List<ImportedImage>();
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => WorkAsync(stop))).ToArray();
        try
        {
            await ReadSourceAsync(files, channel.Writer, stop.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // A worker failed and cancelled the reader; awaiting the workers below rethrows its exception.
        }
        catch
        {
            await stop.CancelAsync();
            // The reader's exception is the one to report.
            await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await Task.WhenAll(workers);
        return [.. taken.OrderBy(image => image.Number)];

        async Task WorkAsync(CancellationTokenSource whole)
        {
            try
            {
                await foreach (var (number, id, sha, file) in channel.Reader.ReadAllAsync(whole.Token))
                {
                    Report(taken, Ingest(number, id, sha, file), progress, total);
                    watch.Moved(file.Path);
                }
            }
            catch
            {
                await whole.CancelAsync();
                throw;
            }
        }
    }

    private void Report(List<ImportedImage> taken, ImportedImage image, IProgress<ImportProgress> progress, int total)
    {
        int count;
        lock (taken)
        {
            taken.Add(image);
            count = taken.Count;
        }

        if (count % ReportEvery == 0)
        {
            watch.Elsewhere(() => progress.Report(new(count, total)));
        }
    }

    private async Task ReadSourceAsync(
        IEnumerable<SourceFile> files, ChannelWriter<(int, string, string, SourceFile)> writer, CancellationToken cancel)
    {
        var number = 0;
        foreach (var file in files)
        {
            watch.Moved(file.Path);
            _side ??= SideOf(file);
            var sha = Convert.ToHexStringLower(SHA256.HashData(file.Content ?? []));
            await writer.WriteAsync((number++, NewId(sha), sha, file), cancel);
        }

        writer.Complete();
    }

    private int? SideOf(SourceFile file) =>
        file.Content is { } content && decoder.ReadHeader(content) is { Succeeded: true, Value: var header }
            ? Math.Min(maxSide, Math.Max(header.Width, header.Height))
            : null;

    private string NewId(string sha)
    {
        var again = _countById.GetValueOrDefault(ImageId.Create(sha, 0));
        _countById[ImageId.Create(sha, 0)] = again + 1;
        return ImageId.Create(sha, again);
    }

    /// <summary>
    /// A decoder that fails in a way it does not declare rejects its file only: the file would fail it again, the others are well.
    /// </summary>
    private ImportedImage Ingest(int number, string id, string sha, SourceFile file)
    {
        try
        {
            return Decode(number, id, sha, file);
        }
        catch (Exception failure) when (failure is not (IOException or OutOfMemoryException or UnauthorizedAccessException))
        {
            return new(number, file.Path, id, sha, default, $"the decoder failed on it: {failure.Message}");
        }
    }

    private ImportedImage Decode(int number, string id, string sha, SourceFile file)
    {
        ImportedImage Refuse(string why) => new(number, file.Path, id, sha, default, why);

        return file.Content is null ? Refuse(file.Refusal!) : decoder.ReadHeader(file.Content)
            .Bind(header => decoder.Decode(file.Content, new DecodeTarget(Side, Side, 3)).Map(pixels =>
            {
                if (_stored.TryAdd(sha, true))
                {
                    decoded.Write(number, sha, pixels.Data);
                    File.WriteAllBytes(Path.Combine(imagesFolder, sha), file.Content);
                }

                return new ImportedImage(number, file.Path, id, sha, header, null)
                {
                    Known = file.Known,
                    Bytes = file.Content.Length,
                    Moments = ColorMoments.Compute(pixels.Data),
                };
            }))
            .Match(taken => taken, unreadable => Refuse(unreadable.Detail));
    }
}
