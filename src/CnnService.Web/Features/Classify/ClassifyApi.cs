using System.Diagnostics;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Classify;

/// <summary>POST /classify.</summary>
internal static class ClassifyApi
{
    private const int DefaultTop = 5;

    public static void MapClassify(this IEndpointRouteBuilder routes) => routes.MapPost("/classify", ClassifyAsync)
        .WithName("Classify").WithTags("Classification").RequireAuthorization(Scopes.Classify).ChecksParameters()
        .WithSummary("Classify pictures")
        .WithDescription("A raw `image/*` body, `multipart/form-data` with one or many `files`, or JSON `{ \"images\": [\"<base64>\"] }`. "
            + "`model` is `name`, `name:version` or `name@alias`; `top` (1 to 1000, default 5) how many classes to name; `allowTruncated` takes what there is of a cut off file. "
            + "An unreadable picture among many is an error in its own result.")
        .Accepts<PostedPictures.Base64Pictures>("application/json", "multipart/form-data", "image/jpeg", "image/png", "image/webp")
        .WithForm(("files", FormFieldKind.Files))
        .WithExample("""{ "images": ["/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP..."] }""")
        .ProducesProblems(400, 404, 413, 415, 422, 503, 504);

    private static async Task<Results<Ok<ClassifyAnswer>, ProblemResult>> ClassifyAsync(
        HttpContext http, [AsParameters] ClassifyParts parts, string? model, int? top, bool? allowTruncated)
    {
        if (top is < 1 or > 1000)
        {
            return Problem.Invalid("request.invalid", $"top must be between 1 and 1000, received {top}.").ToResult();
        }

        var found = (await parts.Registry.ResolveAsync(model)).Bind(loaded => loaded.RequireClasses());
        var posted = found.Problem is { } missing ? missing : await PostedPictures.ReadAsync(http);
        if (posted.Problem is { } problem)
        {
            return problem.ToResult();
        }

        var places = parts.Classifier.Reserve(found.Value, posted.Value.Count);
        if (places.Problem is { } full)
        {
            return full.ToResult();
        }

        using var queue = places.Value;
        var isAlone = posted.Value.Count == 1;
        var tasks = posted.Value.Select(picture => OneAsync(picture, isAlone, found.Value, parts, queue, top ?? DefaultTop, allowTruncated ?? false, http.RequestAborted));
        var results = await Task.WhenAll(tasks);
        parts.Watch.Answered(http, found.Value.Name, () => results.Select(one => one.Served).OfType<ServedPicture>());
        return results is [{ Problem: { } only }]
            ? only.ToResult()
            : TypedResults.Ok(new ClassifyAnswer(found.Value.Name, found.Value.Version, [.. results.Select(one => one.Result)], Timing(results)));
    }

    private static async Task<Classified> OneAsync(
        PostedPictures.Posted picture, bool isAlone, LoadedModel model, ClassifyParts parts, IQueueReservation queue, int top, bool allowTruncated, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        using var decoding = Telemetry.Source.StartActivity("decode");
        var input = model.Network.Spec.Input;
        var pixels = await parts.Slots.RunAsync(
            () => parts.Decoder.Decode(picture.File, new DecodeTarget(input.Width, input.Height, input.Channels, allowTruncated)), cancel, here: isAlone);
        var decode = Stopwatch.GetElapsedTime(started);
        decoding?.Stop();
        ClassifyMetrics.Stage("decode", model.Name, decode);
        var entered = parts.Clock.GetUtcNow();
        var answer = pixels.Problem is { } unreadable ? unreadable : await queue.ClassifyAsync(pixels.Value, cancel);
        if (answer.Problem is { } problem)
        {
            return new(new ClassifyResult { File = picture.Name, Error = Failure.Of(problem) }, problem, decode, null, null);
        }

        ClassifyMetrics.Stage("queue", model.Name, answer.Value.QueueTime);
        ClassifyMetrics.Stage("inference", model.Name, answer.Value.InferenceTime);
        ClassifyMetrics.Trace(entered, answer.Value.QueueTime, answer.Value.InferenceTime, answer.Value.BatchSize);
        var prediction = TopK.Of(answer.Value.Values, model.Manifest.Classes, top);
        var result = new ClassifyResult { File = picture.Name, Label = prediction.Label, Probability = prediction.Probability, Top = prediction.Top };
        return new(result, null, decode, answer.Value, new(model, picture.File, answer.Value.Values));
    }

    private static ClassifyTiming Timing(Classified[] results)
    {
        ClassProbabilities[] answers = [.. results.Select(one => one.Answer).OfType<ClassProbabilities>()];
        return new(
            Milliseconds(results.Max(one => one.Decode)),
            Milliseconds(answers.Select(answer => answer.QueueTime).DefaultIfEmpty().Max()),
            Milliseconds(answers.Select(answer => answer.InferenceTime).DefaultIfEmpty().Max()),
            answers.Select(answer => answer.BatchSize).DefaultIfEmpty().Max(),
            answers.FirstOrDefault()?.Device);
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);

    private sealed record Classified(ClassifyResult Result, Problem? Problem, TimeSpan Decode, ClassProbabilities? Answer, ServedPicture? Served);
}

/// <summary>What classifying needs.</summary>
internal sealed record ClassifyParts(ModelRegistry Registry, IImageDecoder Decoder, IClassifier Classifier, DecodeSlots Slots, PictureWatch Watch, TimeProvider Clock);
