using CnnService.Core.Common;

namespace CnnService.Web.Features.Visualize;

/// <summary>
/// Drawings that may take longer than their callers wait: they go on, and the same request gives what comes of them. One that fails when
/// nobody waits any more is logged, counted, and told to whoever asks again; after that it is tried anew. Thread safe.
/// </summary>
internal sealed partial class Renderings : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long a failure waits to be told.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tag, Type Type), Rendering> _known = []; // Guarded by _gate, as are its values.

    public Renderings(ILogger<Renderings> logger, TimeProvider clock)
    {
        (_logger, _clock) = (logger, clock);
        _closed = _closing.Token;
    }

    /// <summary>304 where the caller has it, the image where it is ready in time, else 202: the drawing goes on and the same URL gives
    /// it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="wanted">What is wanted, and how long the caller waits.</param>
    /// <param name="draw">Draws; its token outlives the request.</param>
    /// <param name="answer">Makes the answer of what was drawn.</param>
    public async Task<IResult> AnswerAsync<T>(
        HttpContext http, ScoreTarget wanted, Func<CancellationToken, Task<Outcome<T>>> draw, Func<T, IResult> answer)
    {
        if (wanted.IsImage && CacheableImageResult.NotModified(http, wanted.Tag) is { } unchanged)
        {
            return unchanged;
        }

        return await WaitAsync(wanted.Tag, wanted.Patience, draw, http.RequestAborted) is { } drawn
            ? drawn.Match(answer, failure => failure.ToResult())
            : AcceptedOrCompleted.Pending(http, RenderingPending.Usual);
    }

    /// <summary>What the drawing of this tag under way, or a new one, gives; null where the patience was over first.</summary>
    /// <param name="tag">Equal tags stand for equal drawings.</param>
    /// <param name="patience">How long the caller waits.</param>
    /// <param name="draw">Draws; its token ends with the lifetime of a drawing.</param>
    /// <param name="cancel">Ends this caller's waiting only.</param>
    public async Task<Outcome<T>?> WaitAsync<T>(
        string tag, TimeSpan patience, Func<CancellationToken, Task<Outcome<T>>> draw, CancellationToken cancel)
    {
        var key = (tag, typeof(T));
        var rendering = Join(key, draw);
        var isTold = false;
        try
        {
            var work = (Task<Outcome<T>>)rendering.Work;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            isTold = await Task.WhenAny(work, Task.Delay(patience, _clock, over.Token)) == work;
            await over.CancelAsync();
            return isTold ? await work : null;
        }
        finally
        {
            Leave(key, rendering, isTold);
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private Rendering Join<T>((string Tag, Type Type) key, Func<CancellationToken, Task<Outcome<T>>> draw)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(key, out var rendering))
            {
                _known[key] = rendering = new();
                var begun = rendering;
                rendering.Work = Task.Run(() => DrawAsync(key, begun, draw));
            }

            rendering.Waiting++;
            return rendering;
        }
    }

    private async Task<Outcome<T>> DrawAsync<T>(
        (string Tag, Type Type) key, Rendering rendering, Func<CancellationToken, Task<Outcome<T>>> draw)
    {
        using var lifetime = new CancellationTokenSource(Lifetime, _clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Token, _closed);
        try
        {
            var drawn = await draw(ended.Token);
            End(key, rendering, drawn.Problem is { } problem ? () => LogProblem(key.Tag, problem.Code, problem.Detail) : null);
            return drawn;
        }
        catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
        {
            var late = new Problem(ProblemKind.Timeout, "render.timeout",
                $"It was not drawn within {Lifetime.TotalMinutes:F0} minutes: ask for less, or again when the service has less to do.");
            End(key, rendering, () => LogProblem(key.Tag, late.Code, late.Detail));
            return late;
        }
        catch (OperationCanceledException)
        {
            End(key, rendering, null);
            throw;
        }
        catch (Exception fault)
        {
            End(key, rendering, () => LogFault(fault, key.Tag));
            throw;
        }
    }

    private void End((string Tag, Type Type) key, Rendering rendering, Action? log)
    {
        lock (_gate)
        {
            (rendering.IsEnded, rendering.Log) = (true, log);
            Settle(key, rendering);
        }
    }

    private void Leave((string Tag, Type Type) key, Rendering rendering, bool isTold)
    {
        lock (_gate)
        {
            rendering.Waiting--;
            rendering.IsTold |= isTold;
            Settle(key, rendering);
        }
    }

    /// <summary>Forgets a drawing that has ended, unless it is a failure that nobody has been told.</summary>
    private void Settle((string Tag, Type Type) key, Rendering rendering)
    {
        if (rendering is not { IsEnded: true, Waiting: 0 })
        {
            return;
        }

        if (rendering.IsTold || rendering.Log is null)
        {
            Forget(key, rendering);
        }
        else if (!rendering.IsLogged)
        {
            rendering.IsLogged = true;
            RenderingMetrics.Unattended();
            rendering.Log();
            _ = rendering.Work.ContinueWith(work => work.Exception, TaskScheduler.Default); // Seen: it is logged.
            _ = Task.Delay(Memory, _clock, _closed).ContinueWith(_ => ForgetUntold(key, rendering), TaskScheduler.Default);
        }
    }

    private void ForgetUntold((string Tag, Type Type) key, Rendering rendering)
    {
        lock (_gate)
        {
            Forget(key, rendering);
        }
    }

    private void Forget((string Tag, Type Type) key, Rendering rendering)
    {
        if (_known.GetValueOrDefault(key) == rendering)
        {
            _known.Remove(key);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The drawing {Tag} failed when nobody waited for it any more.")]
    private partial void LogFault(Exception fault, string tag);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The drawing {Tag} came to nothing when nobody waited for it any more: {Code}: {Detail}")]
    private partial void LogProblem(string tag, string code, string detail);

    /// <summary>A drawing under way, or one that failed and is not told yet.</summary>
    private sealed class Rendering
    {
        public Task Work { get; set; } = Task.CompletedTask;

        public int Waiting { get; set; }

        public bool IsEnded { get; set; }

        public bool IsTold { get; set; }

        public bool IsLogged { get; set; }

        /// <summary>Null where it has not failed.</summary>
        public Action? Log { get; set; }
    }
}
