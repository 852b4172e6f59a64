using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Web.Api;
using CnnService.Web.Artifacts;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Classify;

/// <summary>POST /classify.</summary>
internal static class ClassifyApi
{
    private const string Report = "report";
    private const string Reject = "reject";
    private const string Description =
        "If one of several images cannot be decoded, only its own result is an error.";

    public static void MapClassify(this IEndpointRouteBuilder routes)
    {
        // A group of this name would make the route, and with it the label of the metrics, "/classify/".
        var classify = routes.MapGroup(string.Empty).WithTags("Classification").RequireAuthorization(Scopes.Classify).ValidateParameters();
        classify.MapPost("/classify", ClassifyAsync).WithName("Classify").WithSummary("Classify images").WithDescription(Description)
            .Accepts<RequestImages.Base64Images>("application/json", "multipart/form-data", "image/*")
            .WithForm(("files", FormFieldKind.Files))
            .AlsoTakes("An image may also be the whole body, as `image/*`; JSON is described at `POST /classify/base64`.")
            .AllowBody(limits => limits.ImagesBytes).ProducesProblems(400, 404, 413, 415, 422, 503, 504);
        classify.MapPost("/classify/base64", ClassifyAsync).WithName("ClassifyBase64").WithSummary("Classify images in JSON")
            .WithDescription(Description).Accepts<RequestImages.Base64Images>("application/json")
            .WithExample("""{ "images": ["/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP..."] }""")
            .AllowBody(limits => limits.ImagesBytes).ProducesProblems(400, 404, 413, 415, 422, 503, 504);
    }

    private static async Task<Results<Ok<ClassifyAnswer>, ProblemResult>> ClassifyAsync(
        HttpContext http, [AsParameters] ClassifyServices services, string? model, int? top, bool? allowTruncated,
        string? unknown, int? views)
    {
        var request = Request(top, allowTruncated, unknown, views);
        var found = (await request.BindAsync(_ => services.Registry.ResolveAsync(model))).Bind(loaded => loaded.RequireClasses());
        var posted = await found.BindAsync(_ => RequestImages.ReadAsync(http));
        var classified = await posted.BindAsync(images =>
            services.Pipeline.ClassifyAsync(found.Value, [.. images.Select(image => image.File)], request.Value, http.RequestAborted));
        return classified.Match(
            images => Answer(http, services, found.Value, posted.Value, images, unknown == Reject), problem => problem.ToResult());
    }

    private static Outcome<ClassificationRequest> Request(int? top, bool? allowTruncated, string? unknown, int? views) =>
        top is < 1 or > 1000
            ? Problem.Invalid("request.invalid", $"top must be between 1 and 1000, received {top}.")
        : unknown is not (null or Report or Reject)
            ? Problem.Invalid("request.invalid", $"unknown must be {Report} or {Reject}, received {ReceivedText.Text(unknown)}.")
        : views is < 1 or > ImageViews.Max
            ? Problem.Invalid("request.invalid", $"views must be between 1 and {ImageViews.Max}, received {views}.")
        : new ClassificationRequest
        {
            Top = top ?? ClassificationRequest.Default.Top,
            Views = views ?? ClassificationRequest.Default.Views,
            AllowTruncated = allowTruncated ?? false,
        };

    private static Results<Ok<ClassifyAnswer>, ProblemResult> Answer(
        HttpContext http, ClassifyServices services, LoadedModel model, IReadOnlyList<RequestImages.PostedImage> posted,
        IReadOnlyList<ClassifiedImage> images, bool rejects)
    {
        services.Observers.Answered(http, model.Name, () => posted.Zip(images)
            .Where(pair => pair.Second.Answer.Succeeded)
            .Select(pair => new ObservedImage(model, pair.First.File, pair.Second.Answer.Value.Values)));
        var set = services.Thresholds.Find(model);
        var needs = new Needs(model.Manifest.Classes, LabelThresholds.Of(model, set), set);
        return images is [{ Answer.Problem: { } only }]
            ? only.ToResult()
            : TypedResults.Ok(new ClassifyAnswer(
                model.Name, model.Version, [.. posted.Zip(images, (file, image) => Result(file, image, needs, rejects))],
                Timing(images)));
    }

    private static ClassifyResult Result(
        RequestImages.PostedImage posted, ClassifiedImage image, Needs needs, bool rejects) => image.Prediction.Match(
        found =>
        {
            var isFamiliar = image.Answer.Value.IsKnown;
            var isKnown = needs.OfLabels is not null || needs.Set is null
                ? isFamiliar : needs.Set.IsKnown(isFamiliar, found.Label, found.Probability);
            return new ClassifyResult
            {
                File = posted.Name,
                Label = rejects && isKnown == false ? null : found.Label,
                Probability = found.Probability,
                Known = isKnown,
                Familiarity = image.Answer.Value.Familiarity,
                Top = found.Top,
                Labels = needs.OfLabels is { } least
                    ? LabelThresholds.Select(image.Answer.Value.Values, needs.Classes, least) : null,
            };
        },
        problem => new ClassifyResult { File = posted.Name, Error = Failure.From(problem) });

    private static ClassifyTiming Timing(IReadOnlyList<ClassifiedImage> images)
    {
        ClassProbabilities[] answers = [.. images.Where(image => image.Answer.Succeeded).Select(image => image.Answer.Value)];
        return new(
            Milliseconds(images.Max(image => image.DecodeTime)),
            Milliseconds(answers.Select(answer => answer.QueueTime).DefaultIfEmpty().Max()),
            Milliseconds(answers.Select(answer => answer.InferenceTime).DefaultIfEmpty().Max()),
            answers.Select(answer => answer.BatchSize).DefaultIfEmpty().Max(),
            answers.FirstOrDefault()?.Device);
    }

    /// <summary>What the classes of a version need.</summary>
    /// <param name="Classes">The classes.</param>
    /// <param name="OfLabels">The least probability of each label; null where the version chooses between its classes.</param>
    /// <param name="Set">What was set for the version; null: nothing.</param>
    private sealed record Needs(IReadOnlyList<string> Classes, IReadOnlyList<double>? OfLabels, ClassThresholds? Set);

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);
}

/// <summary>The services needed for classifying.</summary>
internal sealed record ClassifyServices(
    ModelRegistry Registry, ClassificationPipeline Pipeline, PredictionObservers Observers, ClassThresholdFiles Thresholds);
