using CnnService.Core.Common;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Visualize;

/// <summary>Answers for patterns, which may take longer than a caller waits.</summary>
internal static class PatternAnswer
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static async Task<IResult> GiveAsync(HttpContext http, VisualizeParts parts, LoadedModel model, VisualizeQuery query, PatternQuery pattern, string layer, int? filter)
    {
        var applied = await pattern.ApplyAsync(query.Pattern, model, query.Dataset, parts.Datasets, parts.Folders);
        if (applied.Problem is { } unfit)
        {
            return unfit.ToResult();
        }

        var request = applied.Value;
        var (offset, count) = filter is { } one ? (one, (int?)null) : (query.First, query.Filters);
        var source = query.IsJudged ? await ScanAnswer.SourceAsync(parts, model, query with { Pictures = query.Pictures ?? PatternJudge.Usual }) : null;
        if (source?.Problem is { } problem)
        {
            return problem.ToResult();
        }

        var job = parts.Patterns.Plan(model, layer, offset, count, request);
        return await GiveAsync(
            http,
            query,
            job.Map(planned => source is null ? planned.ETag : PatternJudge.ETag(planned, source.Value)),
            cancel => source is null ? parts.Patterns.GetOrRenderAsync(job.Value, cancel) : parts.Judge.DrawAsync(job.Value, source.Value, cancel),
            rendered => !query.AsJson ? PictureAnswer.File(http, rendered)
                : filter is not null && request.Diversity == 1 ? TypedResults.Ok(rendered.Figures[0])
                : TypedResults.Ok(rendered.Figures));
    }

    /// <summary>As the other, by what a query for pictures says.</summary>
    public static Task<IResult> GiveAsync<T>(
        HttpContext http, VisualizeQuery query, Outcome<string> tag, Func<CancellationToken, Task<Outcome<T>>> draw, Func<T, IResult> answer) =>
        GiveAsync(http, new Waiting(query.Patience, !query.AsJson), tag, draw, answer);

    /// <summary>304 where the caller has it, the picture where it is ready in time, else 202: the drawing goes on and the same URL gives it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="waiting">How long it waits, and for what.</param>
    /// <param name="tag">Of the picture.</param>
    /// <param name="draw">Begins the drawing, or joins one under way.</param>
    /// <param name="answer">Makes the answer of what was drawn.</param>
    public static async Task<IResult> GiveAsync<T>(
        HttpContext http, Waiting waiting, Outcome<string> tag, Func<CancellationToken, Task<Outcome<T>>> draw, Func<T, IResult> answer)
    {
        if (tag.Problem is { } problem)
        {
            return problem.ToResult();
        }

        if (waiting.IsPicture && PictureAnswer.NotModified(http, tag.Value) is { } unchanged)
        {
            return unchanged;
        }

        // Not the request's own token: what was begun is finished for whoever asks next, within its lifetime.
        var lifetime = new CancellationTokenSource(Lifetime);
        var drawing = draw(lifetime.Token);
        _ = drawing.ContinueWith(_ => lifetime.Dispose(), TaskScheduler.Default);
        return await AcceptedOrCompleted.PendingAsync(http, drawing, waiting.Patience, PatternPending.Usual)
            ?? (await drawing).Match(answer, failure => failure.ToResult());
    }
}

/// <param name="Patience">How long a caller waits.</param>
/// <param name="IsPicture">Wanted is a picture, which callers keep; else figures.</param>
internal readonly record struct Waiting(TimeSpan Patience, bool IsPicture);

/// <summary>A pattern that is not ready yet.</summary>
internal sealed record PatternPending(string Status, string Detail, int RetryAfterSeconds)
{
    public static PatternPending Usual { get; } =
        new("drawing", "The picture is still being drawn; the same request gives it when it is ready. With wait=300 a request waits longer than the usual 30 s.", 2);
}
