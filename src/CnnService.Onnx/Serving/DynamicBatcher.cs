using System.Diagnostics;
using System.Threading.Channels;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Export;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Joins the requests of many callers for one network into batches. Callers write to a bounded queue; one loop reads it and
/// alone touches the network. Dispose answers who still waits, then frees the network.
/// </summary>
internal sealed class DynamicBatcher : IAsyncDisposable
{
    private readonly Channel<ClassifyRequest> _queue;
    private readonly ServingOptions _options;
    private readonly Task _loop;

    // Owned by the loop.
    private readonly OnnxNetwork _network;
    private readonly List<ClassifyRequest> _batch = [];

    public DynamicBatcher(OnnxNetwork network, ServingOptions options)
    {
        _network = network;
        _options = options;
        _queue = Channel.CreateBounded<ClassifyRequest>(new BoundedChannelOptions(options.QueueSize) { SingleReader = true });
        _loop = Task.Factory.StartNew(
            LoopAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    public async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(ReadOnlyMemory<byte> pixels, CancellationToken cancel)
    {
        var request = new ClassifyRequest(pixels, cancel);
        if (!_queue.Writer.TryWrite(request))
        {
            return new Problem(ProblemKind.Unavailable, "classify.queue-full", $"{_options.QueueSize} pictures are waiting already.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }

        try
        {
            return await request.Answer.WaitAsync(_options.Timeout, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new Problem(ProblemKind.Timeout, "classify.timeout", $"The picture was not classified within {_options.Timeout.TotalSeconds} s.");
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
        if (_options.MaxWait > TimeSpan.Zero && _batch.Count > 0 && _batch.Count < _options.MaxBatchSize)
        {
            await Task.Delay(_options.MaxWait).ConfigureAwait(false);
            TakeWaiting();
        }
    }

    private void TakeWaiting()
    {
        while (_batch.Count < _options.MaxBatchSize && _queue.Reader.TryRead(out var request))
        {
            if (!request.IsAbandoned && Stopwatch.GetElapsedTime(request.Entered) < _options.Timeout)
            {
                _batch.Add(request);
            }
        }
    }

    /// <summary>Runs a batch; if it fails, each request again alone, so that one cannot fail its neighbours.</summary>
    private void Run(List<ClassifyRequest> batch)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var rows = _network.Run([.. batch.Select(request => request.Pixels)], OnnxExporter.Probabilities, out var shape);
            var inference = Stopwatch.GetElapsedTime(started);
            var outputs = (int)shape[1];
            for (var i = 0; i < batch.Count; i++)
            {
                var queue = Stopwatch.GetElapsedTime(batch[i].Entered, started);
                batch[i].Complete(new ClassProbabilities(Spread(rows.AsSpan(i * outputs, outputs)), queue, inference, batch.Count));
            }
        }
        catch (Exception failure) when (failure is OnnxRuntimeException or ArgumentException)
        {
            if (batch.Count == 1)
            {
                batch[0].Complete(new Problem(ProblemKind.Internal, "classify.failed", $"The network failed on the picture: {failure.Message}"));
                return;
            }

            batch.ForEach(request => Run([request]));
        }
    }

    /// <summary>A single sigmoid output is the probability of class 1.</summary>
    private static float[] Spread(ReadOnlySpan<float> outputs) => outputs.Length == 1 ? [1 - outputs[0], outputs[0]] : outputs.ToArray();
}
