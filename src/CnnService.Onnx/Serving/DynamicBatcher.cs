using System.Threading.Channels;
using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Joins requests of concurrent callers into batches. Callers write to a queue, bounded by their reservations; a single loop reads it,
/// forms a batch whenever an instance is free and runs it. A caller who finds an instance free runs the request on its own thread, which
/// saves a hand-over between threads. With few callers each run uses all cores; once there are as many callers as cores, each run uses one,
/// because threads of a run that share cores with decoding wait for each other. Disposing completes what is queued, then frees the network.
/// Thread safe.
/// </summary>
internal sealed class DynamicBatcher : IAsyncDisposable
{
    /// <summary>
    /// Longest run per request that may happen on the caller's thread; longer runs go through the loop, so that callers can time out.
    /// </summary>
    private static readonly TimeSpan MaxInlineRun = TimeSpan.FromMilliseconds(50);

    /// <summary>How long callers count as concurrent after they were last seen so: a caller may be between two requests.</summary>
    private static readonly TimeSpan ConcurrencyWindow = TimeSpan.FromMilliseconds(100);

    private readonly Channel<BatchRequest> _queue = Channel.CreateUnbounded<BatchRequest>(new() { SingleReader = true });
    private readonly SessionPool _wide;
    private readonly SessionPool? _narrow;
    private readonly BatchingPlan _plan;
    private readonly BatchRunner _runner;
    private readonly ServingStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly RunWatch _watch;
    private readonly Task _loop;

    private volatile bool _hasTimedOut;

    // Owned by the loop: a request that was read and did not fit into the batch being formed.
    private BatchRequest? _next;

    // Requests queued or running; Interlocked.
    private int _pending;

    // Timestamp of when there were last as many callers as narrow runs; 0 for never.
    private long _lastConcurrent;

    /// <param name="network">Uses all threads in a run. Owned: disposed with the batcher.</param>
    /// <param name="narrow">The same network on one core per run, owned as well; null if runs always use all cores.</param>
    /// <param name="plan">Batch size, delays and instances.</param>
    /// <param name="statistics">Records each run.</param>
    /// <param name="time">Clock of delays and time limits.</param>
    public DynamicBatcher(OnnxNetwork network, OnnxNetwork? narrow, BatchingPlan plan, ServingStatistics statistics, TimeProvider time)
    {
        (_plan, _statistics, _time, _runner, _watch) =
            (plan, statistics, time, new(statistics, time), new(time));
        _wide = new SessionPool(network, plan.Instances);
        _narrow = narrow is null ? null : new SessionPool(narrow, plan.CoreRuns);
        _loop = Task.Run(LoopAsync);
    }

    public OnnxNetwork Network => _wide.Network;

    /// <summary>How long the longest run in progress has taken so far; zero unless a caller has waited in vain.</summary>
    public TimeSpan LongestRun => _hasTimedOut ? _watch.Longest : TimeSpan.Zero;

    /// <summary>
    /// Queues a request and waits for its answer. Throws an <see cref="ArgumentException"/> for images of the wrong size.
    /// </summary>
    /// <param name="input">Its owner is disposed once the input is no longer read, whatever the outcome.</param>
    /// <param name="outputs">Names of the requested outputs.</param>
    /// <param name="patience">Time left for the answer; zero or less has timed out already.</param>
    /// <param name="callers">Callers of the version at present, including those still decoding.</param>
    /// <param name="cancel">Abandons the request.</param>
    public async ValueTask<Outcome<TensorAnswer>> RunAsync(
        TensorInput input, IReadOnlyList<string> outputs, TimeSpan patience, int callers, CancellationToken cancel)
    {
        Network.RequireSize(input);
        var request = new BatchRequest(input, outputs, _time.GetTimestamp(), callers);
        Interlocked.Increment(ref _pending);
        try
        {
            if (TryEnterFor(request, patience, callers, cancel) is { } sessions)
            {
                RunAndFree(sessions, [request]);
                return await request.Answer;
            }

            return await QueueAsync(request, patience, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    /// <summary>Tells the runs in progress to fail; one that is within a single long operation does not hear it.</summary>
    public void Terminate()
    {
        _wide.Network.Terminate();
        _narrow?.Network.Terminate();
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
            _hasTimedOut = true;
            request.Abandon();
            return AnswerTimeout.Record(_plan, _statistics, _time.GetElapsedTime(request.Entered));
        }
        catch (OperationCanceledException)
        {
            request.Abandon();
            throw;
        }
    }

    /// <summary>Waits for an instance before it forms a batch, so that requests arriving meanwhile join it.</summary>
    private async Task LoopAsync()
    {
        while (_next is not null || await _queue.Reader.WaitToReadAsync())
        {
            var sessions = SelectPool(Volatile.Read(ref _pending));
            await sessions.EnterAsync();
            var batch = await FillAsync(sessions);
            if (batch.Count == 0)
            {
                sessions.Leave();
                continue;
            }

            _ = Task.Run(() => RunAndFree(sessions, batch));
        }

        await _wide.CloseAsync();
        await (_narrow?.CloseAsync() ?? Task.CompletedTask);
    }

    private SessionPool SelectPool(int callers)
    {
        if (_narrow is not { } narrow)
        {
            return _wide;
        }

        var now = _time.GetTimestamp();
        if (callers >= narrow.Runs)
        {
            Volatile.Write(ref _lastConcurrent, now);
            return narrow;
        }

        return Volatile.Read(ref _lastConcurrent) is var last && last != 0
            && _time.GetElapsedTime(last, now) < ConcurrencyWindow ? narrow : _wide;
    }

    /// <summary>
    /// Takes queued requests up to the batch size, or up to a fair share where narrow runs go in parallel; waits for more up to the queue
    /// delay, if there are more callers.
    /// </summary>
    private async Task<List<BatchRequest>> FillAsync(SessionPool sessions)
    {
        var share = sessions == _narrow ? (Volatile.Read(ref _pending) + sessions.Runs - 1) / sessions.Runs : _plan.MaxBatchSize;
        List<BatchRequest> batch = [];
        var room = TakeWaiting(batch, Math.Clamp(share, 1, _plan.MaxBatchSize));
        if (_plan.MaxQueueDelay == TimeSpan.Zero || !IsCompanyExpected(batch))
        {
            return batch;
        }

        using var patience = new CancellationTokenSource(_plan.MaxQueueDelay, _time);
        try
        {
            while (room > 0 && _next is null && await _queue.Reader.WaitToReadAsync(patience.Token))
            {
                room = TakeWaiting(batch, room);
            }
        }
        catch (OperationCanceledException)
        {
            // The queue delay is over: the batch goes as it is.
        }

        return batch;
    }

    /// <summary>Whether somebody else is about who may still send: a caller who is alone would wait in vain.</summary>
    private static bool IsCompanyExpected(List<BatchRequest> requests) => requests.Exists(request => request.Callers > requests.Count);

    /// <summary>
    /// Adds queued requests to the batch until one does not fit; the first may have more images than there is room. Requests whose callers
    /// have left are dropped.
    /// </summary>
    /// <returns>Images for which there is still room; zero or less: the batch is full.</returns>
    private int TakeWaiting(List<BatchRequest> batch, int room)
    {
        while (room > 0 && (_next is not null || _queue.Reader.TryRead(out _next)))
        {
            if (batch.Count > 0 && _next.Count > room)
            {
                return room;
            }

            if (_next.TryTake())
            {
                batch.Add(_next);
                room -= _next.Count;
            }

            _next = null;
        }

        return room;
    }

    /// <summary>
    /// Enters an instance for a run on the caller's thread, if one is free; null otherwise. A loop that waits for an instance has
    /// precedence.
    /// </summary>
    private SessionPool? TryEnterFor(BatchRequest request, TimeSpan patience, int callers, CancellationToken cancel) =>
        (_plan.MaxQueueDelay == TimeSpan.Zero || callers <= 1)
            && _runner.TicksPerImage <= Math.Min(MaxInlineRun.Ticks, patience.Ticks) / request.Count
            && !cancel.IsCancellationRequested
            && !_queue.Reader.Completion.IsCompleted
            && SelectPool(callers) is var sessions
            && sessions.TryEnter()
                ? sessions
                : null;

    private void RunAndFree(SessionPool sessions, List<BatchRequest> batch)
    {
        try
        {
            _watch.Run(() => _runner.Run(sessions.Network, batch));
        }
        finally
        {
            sessions.Leave();
        }
    }
}
