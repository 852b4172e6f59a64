using System.Threading.Channels;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Joins the requests of many callers for one network into batches. Callers write to a queue, whose length their places bound; one loop
/// reads it, forms a batch whenever an instance is free, and lets it run. A caller who finds an instance free runs his own request where
/// he stands, which saves handing it from thread to thread. Few callers get all cores for each run; as soon as there are as many as cores,
/// each run gets one, since the threads of a run that share cores with decoding wait for each other. Dispose answers who still waits, then
/// frees the network.
/// </summary>
internal sealed class DynamicBatcher : IAsyncDisposable
{
    /// <summary>A network that answers later than this is run by the loop only, so that its callers can give up on it in time.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    /// <summary>Callers who take turns are together even while one of them is between two requests.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly Channel<BatchRequest> _queue = Channel.CreateUnbounded<BatchRequest>(new() { SingleReader = true });
    private readonly SessionPool _wide;
    private readonly SessionPool? _narrow;
    private readonly BatchingPlan _plan;
    private readonly ServingStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly Task _loop;

    // Owned by the loop: what was read, and had no room in the batch that was formed.
    private BatchRequest? _next;

    // Requests waiting or under way.
    private int _inside;

    // When there were last as many callers as narrow runs.
    private long _crowded;

    // What an image took in the last run; the longest there is before the first.
    private long _ticksAnImage = TimeSpan.MaxValue.Ticks;

    /// <param name="network">Taken over: disposed with the batcher.</param>
    /// <param name="narrow">The same on one core a run, taken over as well; null where runs always have all cores.</param>
    /// <param name="plan">Batch, waiting times and instances.</param>
    /// <param name="statistics">Is told of each run.</param>
    /// <param name="time">Clock of the waiting times.</param>
    public DynamicBatcher(OnnxNetwork network, OnnxNetwork? narrow, BatchingPlan plan, ServingStatistics statistics, TimeProvider time)
    {
        (_plan, _statistics, _time) = (plan, statistics, time);
        _wide = new SessionPool(network, plan.Instances);
        _narrow = narrow is null ? null : new SessionPool(narrow, plan.CoreRuns);
        _loop = Task.Run(LoopAsync);
    }

    public OnnxNetwork Network => _wide.Network;

    /// <summary>Queues a request and waits for its answer. Images of the wrong size are refused with an
    /// <see cref="ArgumentException"/>.</summary>
    /// <param name="input">Given back to its owner when it is no longer read, whatever the answer.</param>
    /// <param name="outputs">Names of the file's outputs.</param>
    /// <param name="patience">How long it may take; nothing or less is too late.</param>
    /// <param name="callers">With those who are still decoding.</param>
    /// <param name="cancel">Gives the request up.</param>
    public async ValueTask<Outcome<TensorAnswer>> RunAsync(
        TensorInput input, IReadOnlyList<string> outputs, TimeSpan patience, int callers, CancellationToken cancel)
    {
        Network.Require(input);
        var request = new BatchRequest(input, outputs, _time.GetTimestamp());
        Interlocked.Increment(ref _inside);
        try
        {
            if (FreeFor(request, patience, callers, cancel) is { } sessions)
            {
                RunAndFree(sessions, [request]);
                return await request.Answer;
            }

            return await QueueAsync(request, patience, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        _wide.Dispose();
        _narrow?.Dispose();
    }

    private async Task<Outcome<TensorAnswer>> QueueAsync(BatchRequest request, TimeSpan patience, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(request), this);
        try
        {
            return await request.Answer.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, _time, cancel);
        }
        catch (TimeoutException)
        {
            request.Abandon();
            ClassifyMetrics.Refused("classify.timeout");
            _statistics.Failed(_time.GetElapsedTime(request.Entered));
            return new Problem(ProblemKind.Timeout, "classify.timeout",
                $"There was no answer within {_plan.DefaultTimeout.TotalSeconds} s.");
        }
        catch (OperationCanceledException)
        {
            request.Abandon();
            throw;
        }
    }

    /// <summary>An instance is waited for before a batch is formed, so that what comes meanwhile goes along.</summary>
    private async Task LoopAsync()
    {
        while (_next is not null || await _queue.Reader.WaitToReadAsync())
        {
            var sessions = Fitting(Volatile.Read(ref _inside));
            await sessions.EnterAsync();
            var batch = await FillAsync(sessions);
            if (batch.Requests.Count == 0)
            {
                sessions.Leave();
                continue;
            }

            _ = Task.Run(() => RunAndFree(sessions, batch.Requests));
        }

        await _wide.CloseAsync();
        await (_narrow?.CloseAsync() ?? Task.CompletedTask);
    }

    private SessionPool Fitting(int callers)
    {
        if (_narrow is not { } narrow)
        {
            return _wide;
        }

        var now = _time.GetTimestamp();
        if (callers >= narrow.Runs)
        {
            Volatile.Write(ref _crowded, now);
            return narrow;
        }

        return Volatile.Read(ref _crowded) is var crowded && crowded != 0 && _time.GetElapsedTime(crowded, now) < Together ? narrow : _wide;
    }

    /// <summary>
    /// Takes what waits, up to the largest batch, and no more than its share where runs go beside each other; waits for more no longer than
    /// allowed.
    /// </summary>
    private async Task<RequestBatch> FillAsync(SessionPool sessions)
    {
        var share = sessions == _narrow ? (Volatile.Read(ref _inside) + sessions.Runs - 1) / sessions.Runs : _plan.MaxBatchSize;
        var batch = new RequestBatch(Math.Clamp(share, 1, _plan.MaxBatchSize));
        TakeWaiting(batch);
        if (_plan.MaxQueueDelay == TimeSpan.Zero || batch.Requests.Count == 0)
        {
            return batch;
        }

        using var patience = new CancellationTokenSource(_plan.MaxQueueDelay, _time);
        try
        {
            while (!batch.IsFull && _next is null && await _queue.Reader.WaitToReadAsync(patience.Token))
            {
                TakeWaiting(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up: what came together goes.
        }

        return batch;
    }

    private void TakeWaiting(RequestBatch batch)
    {
        while (!batch.IsFull && (_next is not null || _queue.Reader.TryRead(out _next)))
        {
            if (!batch.TryAdd(_next))
            {
                return;
            }

            _next = null;
        }
    }

    /// <summary>Takes an instance for the caller, where one is free and nobody is waited for: the loop, where it waits for one, goes
    /// first.</summary>
    private SessionPool? FreeFor(BatchRequest request, TimeSpan patience, int callers, CancellationToken cancel) =>
        _plan.MaxQueueDelay == TimeSpan.Zero
            && Volatile.Read(ref _ticksAnImage) <= Math.Min(Short.Ticks, patience.Ticks) / request.Count
            && !cancel.IsCancellationRequested
            && !_queue.Reader.Completion.IsCompleted
            && Fitting(callers) is var sessions
            && sessions.TryEnter()
                ? sessions
                : null;

    private void RunAndFree(SessionPool sessions, List<BatchRequest> batch)
    {
        try
        {
            Run(sessions.Network, batch);
        }
        finally
        {
            sessions.Leave();
        }
    }

    /// <summary>
    /// Runs a batch; if it fails, each request again alone, so that one cannot fail its neighbours. Whatever happens, every
    /// request gets an answer.
    /// </summary>
    private void Run(OnnxNetwork network, List<BatchRequest> batch)
    {
        try
        {
            Answer(network, batch);
        }
        catch (Exception) when (batch.Count > 1)
        {
            batch.ForEach(request => Run(network, [request]));
        }
        catch (OnnxRuntimeException failure)
        {
            _statistics.Failed(_time.GetElapsedTime(batch[0].Entered));
            batch[0].Complete(new Problem(ProblemKind.Internal, "classify.failed", $"The network failed on the image: {failure.Message}"));
        }
        catch (Exception failure)
        {
            _statistics.Failed(_time.GetElapsedTime(batch[0].Entered));
            batch[0].Fail(failure);
        }
    }

    private void Answer(OnnxNetwork network, List<BatchRequest> batch)
    {
        var started = _time.GetTimestamp();
        string[] outputs = [.. batch.SelectMany(request => request.Outputs).Distinct(StringComparer.Ordinal)];
        var run = network.Run([.. batch.Select(request => request.Input)], outputs, _time);
        var answers = run.Split([.. batch.Select(request => (request.Count, request.Outputs))]);
        Volatile.Write(ref _ticksAnImage, (run.Input + run.Inference + run.Output).Ticks / run.Images);
        ClassifyMetrics.Batch(run.Images);
        _statistics.Ran(run,
            [.. batch.Select(request => (_time.GetElapsedTime(request.Entered, started), _time.GetElapsedTime(request.Entered)))]);
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Complete(
                new TensorAnswer(answers[i], _time.GetElapsedTime(batch[i].Entered, started), run.Inference, run.Images, network.Device));
        }
    }
}
