using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Web.Hosting;
using CnnService.Web.Resources;

namespace CnnService.Web.Features.Visualize;

/// <summary>Answers for patterns, which may take longer than a caller waits.</summary>
internal static class PatternAnswer
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>304 where the caller has it, the picture where it is ready in time, else 202: the drawing goes on and the same URL gives it.</summary>
    public static async Task<IResult> GiveAsync(
        HttpContext http, VisualizationPipeline pipeline, LoadedModel model, VisualizeQuery query, string layer, int? filter)
    {
        var request = query.Pattern(layer);
        var tag = filter is { } one ? pipeline.PatternETag(model, layer, one, request) : pipeline.PatternGridETag(model, layer, query.First, query.Filters, request);
        if (tag.Problem is { } problem)
        {
            return problem.ToResult();
        }

        if (!query.AsJson && PictureAnswer.NotModified(http, tag.Value) is { } unchanged)
        {
            return unchanged;
        }

        // Not the request's own token: what was begun is finished for whoever asks next, within its lifetime.
        var lifetime = new CancellationTokenSource(Lifetime);
        var drawing = filter is { } single
            ? pipeline.PatternAsync(model, layer, single, request, lifetime.Token)
            : pipeline.PatternGridAsync(model, layer, query.First, query.Filters, request, lifetime.Token);
        _ = drawing.ContinueWith(_ => lifetime.Dispose(), TaskScheduler.Default);
        if (await Task.WhenAny(drawing, Task.Delay(query.Patience, http.RequestAborted)).ConfigureAwait(false) != drawing)
        {
            http.Response.Headers.RetryAfter = "2";
            return TypedResults.Accepted(http.Request.Path + http.Request.QueryString, PatternPending.Usual);
        }

        var rendered = await drawing.ConfigureAwait(false);
        return rendered.Problem is { } failure ? failure.ToResult()
            : query.AsJson && filter is not null ? TypedResults.Ok(rendered.Value.Figures[0])
            : query.AsJson ? TypedResults.Ok(rendered.Value.Figures)
            : PictureAnswer.File(http, rendered.Value);
    }
}

/// <summary>A pattern that is not ready yet.</summary>
internal sealed record PatternPending(string Status, string Detail, int RetryAfterSeconds)
{
    public static PatternPending Usual { get; } =
        new("drawing", "The picture is still being drawn; the same request gives it when it is ready. With wait=300 a request waits longer than the usual 30 s.", 2);
}
