using System.Security.Cryptography;
using System.Threading.Channels;
using CnnService.Core.Datasets;

namespace CnnService.Imaging.Import;

/// <summary>
/// Takes pictures in: the source is read on one thread, decoding goes on beside it on the others. Each file that decodes is
/// kept under its id and its pixels go to the spool, so that nothing is decoded twice.
/// </summary>
internal sealed class PictureIntake(IImageDecoder decoder, string imagesFolder, Spool spool, int side)
{
    private const int Ahead = 32;
    private const int ReportEvery = 100;

    private readonly Dictionary<string, int> _seen = [];

    public async Task<List<ImportedPicture>> TakeAsync(IEnumerable<SourceFile> files, IProgress<ImportProgress> progress, int total, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var channel = Channel.CreateBounded<(int Number, string Id, string Sha, SourceFile File)>(Ahead);
        var taken = new List<ImportedPicture>();
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => WorkAsync(stop))).ToArray();
        try
        {
            await FeedAsync(files, channel.Writer, stop.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // A worker failed and stopped us; awaiting the workers tells how.
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The reader's failure is the one to tell.
            throw;
        }

        await Task.WhenAll(workers);
        return [.. taken.OrderBy(picture => picture.Number)];

        async Task WorkAsync(CancellationTokenSource whole)
        {
            try
            {
                await foreach (var (number, id, sha, file) in channel.Reader.ReadAllAsync(whole.Token))
                {
                    Report(taken, Take(number, id, sha, file), progress, total);
                }
            }
            catch (IOException)
            {
                await whole.CancelAsync();
                throw;
            }
        }
    }

    private static void Report(List<ImportedPicture> taken, ImportedPicture picture, IProgress<ImportProgress> progress, int total)
    {
        int count;
        lock (taken)
        {
            taken.Add(picture);
            count = taken.Count;
        }

        if (count % ReportEvery == 0)
        {
            progress.Report(new(count, total));
        }
    }

    private async Task FeedAsync(IEnumerable<SourceFile> files, ChannelWriter<(int, string, string, SourceFile)> writer, CancellationToken cancel)
    {
        var number = 0;
        foreach (var file in files)
        {
            var sha = Convert.ToHexStringLower(SHA256.HashData(file.Content ?? []));
            await writer.WriteAsync((number++, NewId(sha), sha, file), cancel);
        }

        writer.Complete();
    }

    /// <summary>Content decides the id; the same content again gets a counter.</summary>
    private string NewId(string sha)
    {
        var again = _seen.GetValueOrDefault(sha);
        _seen[sha] = again + 1;
        return again == 0 ? sha[..20] : $"{sha[..20]}-{again}";
    }

    private ImportedPicture Take(int number, string id, string sha, SourceFile file)
    {
        ImportedPicture Refuse(string why) => new(number, file.Path, id, sha, default, why);

        if (file.Content is null)
        {
            return Refuse(file.Refusal!);
        }

        var header = decoder.ReadHeader(file.Content);
        if (header.Problem is { } unreadable)
        {
            return Refuse(unreadable.Detail);
        }

        var pixels = decoder.Decode(file.Content, new DecodeTarget(side, side, 3));
        if (pixels.Problem is { } damaged)
        {
            return Refuse(damaged.Detail);
        }

        spool.Write(number, pixels.Value.Data);
        File.WriteAllBytes(Path.Combine(imagesFolder, id), file.Content);
        return new(number, file.Path, id, sha, header.Value, null);
    }
}
