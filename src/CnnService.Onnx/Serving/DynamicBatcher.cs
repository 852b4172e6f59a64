using System.Threading.Channels;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Export;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Joins the requests of many callers for one network into batches. Callers write to a bounded queue; one loop reads it and
/// alone runs the network. Dispose answers who still waits, then frees the network.
/// </summary>
internal sealed class DynamicBatcher : IAsyncDisposable
{
    private readonly Channel<ClassifyRequest> _queue;
    private readonly ServingOptions _options;
    private readonly TimeProvider _time;
    private readonly Task _loop;

    // Owned by the loop.
    private readonly OnnxNetwork _network;
    private readonly List<ClassifyRequest> _batch = [];

    /// <param name="network">Taken over: disposed with the batcher.</param>
    /// <param name="options">Batch, queue and waiting times.</param>
    /// <param name="time">Clock of the waiting times.</param>
    public DynamicBatcher(OnnxNetwork network, ServingOptions options, TimeProvider time)
    {
        _network = network;
        _options = options;
        _time = time;
        _queue = Channel.CreateBounded<ClassifyRequest>(new BoundedChannelOptions(options.QueueSize) { SingleReader = true });
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Queues a picture and waits for its answer. A picture of the wrong size is refused with an <see cref="ArgumentException"/>.</summary>
    public async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(ReadOnlyMemory<byte> pixels, CancellationToken cancel)
    {
        _network.Require(pixels.Length);
        var request = new ClassifyRequest(pixels, _time.GetTimestamp(), cancel);
        if (!_queue.Writer.TryWrite(request))
        {
            ClassifyMetrics.Refused("classify.queue-full");
            return new Problem(ProblemKind.Unavailable, "classify.queue-full", $"{_options.QueueSize} pictures are waiting already.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }

        ClassifyMetrics.Waiting(1);
        try
        {
            return await request.Answer.WaitAsync(_options.Timeout, _time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            request.Abandon();
            ClassifyMetrics.Refused("classify.timeout");
            return new Problem(ProblemKind.Timeout, "classify.timeout", $"The picture was not classified within {_options.Timeout.TotalSeconds} s.");
        }
        finally
        {
            ClassifyMetrics.Waiting(-1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _network.Dispose();
    }

    private async Task LoopAsync()
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await FillAsync().ConfigureAwait(false);
            if (_batch.Count > 0)
            {
                Run(_batch);
            }

            _batch.Clear();
        }
    }

    /// <summary>Takes what waits, up to the largest batch; waits for more no longer than allowed.</summary>
    private async Task FillAsync()
    {
        TakeWaiting();
        if (_options.MaxWait == TimeSpan.Zero || _batch.Count == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(_options.MaxWait, _time);
        try
        {
            while (_batch.Count < _options.MaxBatchSize && await _queue.Reader.WaitToReadAsync(patience.Token).ConfigureAwait(false))
            {
                TakeWaiting();
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up: what came together goes.
        }
    }

    private void TakeWaiting()
    {
        while (_batch.Count < _options.MaxBatchSize && _queue.Reader.TryRead(out var request))
        {
            if (!request.IsAbandoned)
            {
                _batch.Add(request);
            }
        }
    }

    /// <summary>
    /// Runs a batch; if it fails, each request again alone, so that one cannot fail its neighbours. Whatever happens, every
    /// request gets an answer and the loop goes on.
    /// </summary>
    private void Run(List<ClassifyRequest> batch)
    {
        try
        {
            Answer(batch);
        }
        catch (Exception) when (batch.Count > 1)
        {
            batch.ForEach(request => Run([request]));
        }
        catch (OnnxRuntimeException failure)
        {
            batch[0].Complete(new Problem(ProblemKind.Internal, "classify.failed", $"The network failed on the picture: {failure.Message}"));
        }
        catch (Exception failure)
        {
            batch[0].Fail(failure);
        }
    }

    private void Answer(List<ClassifyRequest> batch)
    {
        var started = _time.GetTimestamp();
        var rows = _network.Run([.. batch.Select(request => request.Pixels)], OnnxExporter.Probabilities, out var shape);
        var inference = _time.GetElapsedTime(started);
        var outputs = (int)shape[1];
        ClassifyMetrics.Batch(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var queue = _time.GetElapsedTime(batch[i].Entered, started);
            batch[i].Complete(new ClassProbabilities(Spread(rows.AsSpan(i * outputs, outputs)), queue, inference, batch.Count));
        }
    }

    /// <summary>A single sigmoid output is the probability of class 1.</summary>
    private static float[] Spread(ReadOnlySpan<float> outputs) => outputs.Length == 1 ? [1 - outputs[0], outputs[0]] : outputs.ToArray();
}
