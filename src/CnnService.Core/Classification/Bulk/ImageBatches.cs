using System.Runtime.CompilerServices;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// Batches of a data set's images, prepared on all cores while the network runs the batch before: taken from the pixel cache if it has the
/// image size, else decoded from files. Owns the caches it opened. Not thread safe.
/// </summary>
internal sealed class ImageBatches : IDisposable
{
    /// <summary>Number of images per batch; larger batches are no faster on a CPU.</summary>
    public const int BatchSize = 32;

    /// <summary>Most batches prepared ahead, which bounds memory; one per core keeps all cores decoding.</summary>
    private static readonly int MaxPrepared = Math.Max(2, Environment.ProcessorCount);

    private readonly ClassificationPipeline _pipeline;
    private readonly LoadedModel _model;
    private readonly string _folder;
    private readonly IReadOnlyList<DatasetImage> _images;
    private readonly InputSpec _input;
    private readonly Dictionary<Split, IPixelSource> _cached = [];
    private readonly int[] _rows;

    /// <param name="pipeline">Decodes images that are not cached.</param>
    /// <param name="cache">Cache of decoded data sets.</param>
    /// <param name="folder">Folder of the data set's images.</param>
    /// <param name="plan">Gives the images and the input size.</param>
    public ImageBatches(ClassificationPipeline pipeline, IPixelCache cache, string folder, BulkPlan plan)
    {
        (_pipeline, _model, _folder, _images, _input) = (pipeline, plan.Model, folder, plan.Images, plan.Model.Network.Spec.Input);
        _rows = new int[_images.Count];
        var next = new Dictionary<Split, int>();
        foreach (var (index, image) in _images.Index())
        {
            _rows[index] = next.GetValueOrDefault(image.Split);
            next[image.Split] = _rows[index] + 1;
        }

        foreach (var split in next.Keys)
        {
            if (cache.TryOpen(plan.Dataset, split, _input.Height, _input.Width, _input.Channels) is { } pixels)
            {
                _cached[split] = pixels;
            }
        }
    }

    /// <summary>
    /// The batches from an image on, in order. A problem names the image whose file is missing or unreadable, and ends the sequence.
    /// </summary>
    public async IAsyncEnumerable<Outcome<PixelBatch>> FromAsync(int first, [EnumeratorCancellation] CancellationToken cancel)
    {
        var under = new Queue<Task<Outcome<PixelBatch>>>();
        try
        {
            for (var next = first; next < _images.Count || under.Count > 0;)
            {
                cancel.ThrowIfCancellationRequested(); // Batches that are ready already are not given any more.
                for (; next < _images.Count && under.Count < MaxPrepared; next += BatchSize)
                {
                    var from = next;
                    under.Enqueue(Task.Run(() => Prepare(from, Math.Min(BatchSize, _images.Count - from), cancel), cancel));
                }

                yield return await under.Dequeue();
            }
        }
        finally
        {
            // They read from what is about to be closed.
            await ((Task)Task.WhenAll(under)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        foreach (var pixels in _cached.Values)
        {
            pixels.Dispose();
        }
    }

    private Outcome<PixelBatch> Prepare(int first, int count, CancellationToken cancel)
    {
        var size = _input.Height * _input.Width * _input.Channels;
        var data = new byte[count * size];
        return Outcome.All(Enumerable.Range(0, count).Select(i =>
        {
            cancel.ThrowIfCancellationRequested();
            return Fill(first + i, data.AsMemory(i * size, size));
        })).Map(_ => new PixelBatch(data, count, _input.Height, _input.Width, _input.Channels));
    }

    private Outcome<Unit> Fill(int index, Memory<byte> pixels)
    {
        var image = _images[index];
        if (_cached.TryGetValue(image.Split, out var cached))
        {
            cached.Pixels(_rows[index]).CopyTo(pixels.Span);
            return default(Unit);
        }

        return DatasetFolder.DecodeImage(_folder, image, file => _pipeline.Decode(_model, file, ClassificationRequest.Default))
            .Map(decoded =>
            {
                decoded.Data.CopyTo(pixels);
                return default(Unit);
            });
    }
}
