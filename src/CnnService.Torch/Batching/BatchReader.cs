using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using CnnService.Core.Datasets;

namespace CnnService.Torch.Batching;

/// <summary>
/// Gathers batches on a background thread, up to three ahead of the consumer, so that page faults of the memory-mapped source do not stall
/// the computation. For one consumer.
/// </summary>
internal sealed class BatchReader : IDisposable
{
    private const int MaxPrefetched = 3;

    private readonly BlockingCollection<HostBatch> _ready = new(MaxPrefetched);
    private readonly CancellationTokenSource _stop = new();
    private ExceptionDispatchInfo? _failure; // Written before the collection is completed, read after.

    /// <param name="source">Read by the background thread until all batches are gathered or this is disposed.</param>
    /// <param name="order">Indices of the images, in the order of the batches.</param>
    /// <param name="batchSize">Images per batch; the last batch may be smaller.</param>
    /// <param name="skip">Number of batches to leave out at the start.</param>
    internal BatchReader(IPixelSource source, int[] order, int batchSize, int skip = 0) =>
        _ = Task.Run(() => Gather(source, order.Chunk(batchSize).Skip(skip)));

    /// <summary>The batches, owned by the caller. Blocks until the next is ready; rethrows an exception of the background thread.</summary>
    internal IEnumerable<HostBatch> Batches()
    {
        foreach (var batch in _ready.GetConsumingEnumerable())
        {
            yield return batch;
        }

        _failure?.Throw();
    }

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var batch in _ready.GetConsumingEnumerable())
        {
            batch.Dispose();
        }

        _ready.Dispose();
        _stop.Dispose();
    }

    private void Gather(IPixelSource source, IEnumerable<int[]> steps)
    {
        try
        {
            foreach (var step in steps)
            {
                _ready.Add(Gather(source, step), _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: the consumer wants no further batches.
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }

    private static HostBatch Gather(IPixelSource source, int[] indices)
    {
        var size = source.Height * source.Width * source.Channels;
        var pixels = ArrayPool<byte>.Shared.Rent(checked(size * indices.Length));
        for (var i = 0; i < indices.Length; i++)
        {
            source.Pixels(indices[i]).CopyTo(pixels.AsSpan(i * size, size));
        }

        return new(pixels, [.. indices.Select(index => (long)source.Label(index))], indices);
    }
}
