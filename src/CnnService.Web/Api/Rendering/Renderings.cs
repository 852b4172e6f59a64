using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Rendering;

/// <summary>
/// The one way to everything that is drawn or measured at some cost: admits it fairly between API keys, a bounded number at a time, and
/// joins equal requests. A long rendering continues after its client has left, and repeating the request returns its result; it is given
/// up when nobody asks again for a while. Thread safe.
/// </summary>
internal sealed partial class Renderings : IDisposable
{
    /// <summary>How long a failure that no client has been told of is kept.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromMinutes(10);

    private readonly FairAdmission _moments;
    private readonly TimeSpan _momentLimit;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <summary>Joins requests; keeps only what nobody has been given, since the pipelines have caches of their own.</summary>
    private readonly CoalescingCache<(string Tag, Type Type), object> _long;

    public Renderings(ILogger<Renderings> logger, IOptions<RenderingOptions> options, TimeProvider clock)
    {
        (_momentLimit, _clock, _logger) = (options.Value.MomentTimeLimit, clock, logger);
        var bounds = new FairAdmissionBounds("drawings", "render.too-many")
        {
            MaxConcurrency = options.Value.AtOnce,
            PerCaller = options.Value.PerCaller,
            MaxWaiting = options.Value.Waiting,
        };
        _moments = new(bounds, clock);
        _long = new(
            new("drawings")
            {
                MaxBytes = 0,
                Admission = new(bounds, clock),
                Linger = options.Value.AbandonAfter,
                TimeLimit = Limit(options.Value.TimeLimit),
                KeepUntoldValues = options.Value.AbandonAfter,
                KeepUntoldFailures = FailureLifetime,
            },
            _ => 1, logger, clock, RenderMetrics.CountUnattendedFailure);
    }

    /// <summary>
    /// 304 if the client has the image, the image if it is ready in time, else 202: the rendering continues, and the same URL returns it.
    /// Problems: <c>render.too-many</c>, <c>render.timeout</c>.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="request">What to render, and how long the client waits.</param>
    /// <param name="find">Returns the result if it costs no rendering, else null.</param>
    /// <param name="draw">Renders; its token does not end with the request.</param>
    /// <param name="answer">Creates the response from the result.</param>
    public async Task<IResult> AnswerAsync<T>(
        HttpContext http, RenderingRequest request, Func<Outcome<T>?> find, Func<CancellationToken, Task<Outcome<T>>> draw,
        Func<T, IResult> answer)
        where T : notnull
    {
        if (request.IsImage && CacheableImageResult.NotModified(http, request.Tag) is { } unchanged)
        {
            return unchanged;
        }

        var drawn = find() ?? await WaitAsync(request.Tag, AskerOf(http, request.Patience), request.Patience, draw, http.RequestAborted);
        http.Features.Set<MomentLimit>(null); // What follows is a moment of its own.
        return drawn is null
            ? AcceptedOrCompleted.Pending(http, RenderingPending.Default)
            : drawn.ToIResult(answer);
    }

    /// <summary>A result that a cache had, as an outcome; null stays null, which the conversion of a value would not.</summary>
    public static Outcome<T>? Known<T>(T? result)
        where T : class => result is null ? null : Outcome.Success(result);

    /// <summary>
    /// A long rendering whose client waits for it however long it takes. Problems: <c>render.too-many</c>, <c>render.timeout</c>.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="tag">Equal tags denote equal renderings.</param>
    /// <param name="draw">Renders.</param>
    public async Task<Outcome<T>> CompleteAsync<T>(HttpContext http, string tag, Func<CancellationToken, Task<Outcome<T>>> draw)
        where T : notnull
    {
        var drawn = await WaitAsync(tag, AskerOf(http, Timeout.InfiniteTimeSpan), Timeout.InfiniteTimeSpan, draw, http.RequestAborted);
        http.Features.Set<MomentLimit>(null); // What follows is a moment of its own.
        return drawn!;
    }

    /// <summary>
    /// The time limit of this request's work of a moment, which begins with the first call, and anew after a long rendering.
    /// </summary>
    public MomentLimit Limit(HttpContext http)
    {
        if (http.Features.Get<MomentLimit>() is not { } limit)
        {
            limit = new(_momentLimit, _clock);
            http.Features.Set(limit);
            http.Response.RegisterForDispose(limit);
        }

        return limit;
    }

    /// <summary>
    /// Work of a moment, such as one pass through a network, in its turn. When its time is over, work that does not heed its token is left
    /// behind and keeps its place until it ends. Problem codes: <c>render.too-many</c>, <c>render.timeout</c>.
    /// </summary>
    /// <param name="http">The request, with which the wait ends.</param>
    /// <param name="draw">Renders; its token is cancelled with the request and when its time is over.</param>
    public async Task<Outcome<T>> MomentAsync<T>(HttpContext http, Func<CancellationToken, Task<Outcome<T>>> draw)
    {
        var entered = _moments.Enter(AskerOf(http, Timeout.InfiniteTimeSpan));
        if (entered.Problem is { } refused)
        {
            return refused;
        }

        var limit = Limit(http);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Over, http.RequestAborted);
        var work = InTurnAsync(entered.Value, draw, either.Token);
        await ((Task)work.WaitAsync(either.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompleted && !(work.IsCanceled && limit.Over.IsCancellationRequested))
        {
            return await work;
        }

        _ = WatchAbandonedAsync(work);
        http.RequestAborted.ThrowIfCancellationRequested();
        return limit.Exceeded();
    }

    /// <inheritdoc cref="MomentAsync{T}(HttpContext, Func{CancellationToken, Task{Outcome{T}}})"/>
    public Task<Outcome<T>> MomentAsync<T>(HttpContext http, Func<Outcome<T>> draw) => MomentAsync(http, _ => Task.FromResult(draw()));

    /// <summary>Joins the rendering with this tag or starts one, and waits for its result; null if the wait ended first.</summary>
    /// <param name="tag">Equal tags denote equal renderings.</param>
    /// <param name="asker">Whose turn it takes.</param>
    /// <param name="patience">How long the client waits.</param>
    /// <param name="draw">Renders; its token is cancelled when it is given up or exceeds its time limit, and at shutdown.</param>
    /// <param name="cancel">Cancels this client's wait only.</param>
    public async Task<Outcome<T>?> WaitAsync<T>(
        string tag, Asker asker, TimeSpan patience, Func<CancellationToken, Task<Outcome<T>>> draw, CancellationToken cancel)
        where T : notnull =>
        (await _long.GetOrComputeWithinAsync(
            (tag, typeof(T)), async given => (await draw(given)).Map<object>(drawn => drawn), asker, patience, cancel))
        ?.Map(drawn => (T)drawn);

    public void Dispose() => _long.Dispose();

    private static async Task<Outcome<T>> InTurnAsync<T>(
        AdmissionPlace place, Func<CancellationToken, Task<Outcome<T>>> draw, CancellationToken cancel)
    {
        using (place)
        {
            return await place.Admitted.WaitAsync(cancel) is { } displaced ? displaced : await Task.Run(() => draw(cancel), cancel);
        }
    }

    private async Task WatchAbandonedAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // It heeded its token.
        }
        catch (Exception failure)
        {
            LogFailureWithoutCaller(_logger, failure);
        }
    }

    /// <summary>Browsers say in a header that pages cannot set what a request is for; programs send none.</summary>
    private static Asker AskerOf(HttpContext http, TimeSpan patience) => new(
        Caller.Identify(http),
        patience == TimeSpan.Zero ? Urgency.Unattended
        : http.Request.Headers.ContainsKey("Sec-Fetch-Dest") ? Urgency.Personal
        : Urgency.Attended);

    private static TimeLimit Limit(TimeSpan duration) => new(duration, new(
        ProblemKind.Timeout, "render.timeout",
        $"It was not drawn within {duration.TotalMinutes:0.##} minutes: ask for less, or again when the service has less to do."));
}
