using CnnService.Core.Common;

namespace CnnService.Web.Features.Visualize;

/// <summary>
/// Runs renderings that may take longer than clients wait: they continue, and repeating the request returns their result. One that fails
/// after all clients have left is logged, counted, and reported to the next client that requests it; after that, a request starts it again.
/// Thread safe.
/// </summary>
internal sealed partial class Renderings : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long an unreported failure is kept.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromMinutes(10);

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

    /// <summary>
    /// 304 if the client has the image, the image if it is ready in time, else 202: the rendering continues, and the same URL returns it.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="request">What to render, and how long the client waits.</param>
    /// <param name="draw">Renders; its token does not end with the request.</param>
    /// <param name="answer">Creates the response from the result.</param>
    public async Task<IResult> AnswerAsync<T>(
        HttpContext http, RenderingRequest request, Func<CancellationToken, Task<Outcome<T>>> draw, Func<T, IResult> answer)
    {
        if (request.IsImage && CacheableImageResult.NotModified(http, request.Tag) is { } unchanged)
        {
            return unchanged;
        }

        return await WaitAsync(request.Tag, request.Patience, draw, http.RequestAborted) is { } drawn
            ? drawn.Match(answer, failure => failure.ToResult())
            : AcceptedOrCompleted.Pending(http, RenderingPending.Default);
    }

    /// <summary>Joins the rendering with this tag or starts one, and waits for its result; null if the wait ended first.</summary>
    /// <param name="tag">Equal tags denote equal renderings.</param>
    /// <param name="patience">How long the client waits.</param>
    /// <param name="draw">Renders; its token is cancelled when the rendering exceeds its time limit, or at shutdown.</param>
    /// <param name="cancel">Cancels this client's wait only.</param>
    public async Task<Outcome<T>?> WaitAsync<T>(
        string tag, TimeSpan patience, Func<CancellationToken, Task<Outcome<T>>> draw, CancellationToken cancel)
    {
        var key = (tag, typeof(T));
        var rendering = Join(key, draw);
        var isReported = false;
        try
        {
            var work = (Task<Outcome<T>>)rendering.Work;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            isReported = await Task.WhenAny(work, Task.Delay(patience, _clock, over.Token)) == work;
            await over.CancelAsync();
            return isReported ? await work : null;
        }
        finally
        {
            Leave(key, rendering, isReported);
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

    private void Leave((string Tag, Type Type) key, Rendering rendering, bool isReported)
    {
        lock (_gate)
        {
            rendering.Waiting--;
            rendering.IsReported |= isReported;
            Settle(key, rendering);
        }
    }

    /// <summary>Removes a rendering that has ended, unless it failed and no client has been told.</summary>
    private void Settle((string Tag, Type Type) key, Rendering rendering)
    {
        if (rendering is not { IsEnded: true, Waiting: 0 })
        {
            return;
        }

        if (rendering.IsReported || rendering.Log is null)
        {
            Forget(key, rendering);
        }
        else if (!rendering.IsLogged)
        {
            rendering.IsLogged = true;
            RenderingMetrics.Unattended();
            rendering.Log();
            _ = rendering.Work.ContinueWith(work => work.Exception, TaskScheduler.Default); // Observed: it is logged.
            _ = Task.Delay(FailureLifetime, _clock, _closed).ContinueWith(_ => ForgetUnreported(key, rendering), TaskScheduler.Default);
        }
    }

    private void ForgetUnreported((string Tag, Type Type) key, Rendering rendering)
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

    /// <summary>A rendering in progress, or a failed one not reported yet.</summary>
    private sealed class Rendering
    {
        public Task Work { get; set; } = Task.CompletedTask;

        public int Waiting { get; set; }

        public bool IsEnded { get; set; }

        public bool IsReported { get; set; }

        public bool IsLogged { get; set; }

        /// <summary>Logs its failure; null unless it has failed.</summary>
        public Action? Log { get; set; }
    }
}
