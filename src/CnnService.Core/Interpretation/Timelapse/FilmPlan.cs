using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>A validated request for a film: either a pattern or a feature map of every snapshot. Immutable.</summary>
/// <param name="Source">The snapshots of the run.</param>
/// <param name="Subject">What the frames show, in words.</param>
/// <param name="Side">Side in pixels that small images are enlarged towards.</param>
/// <param name="Patterns">One job a snapshot; empty for feature maps.</param>
/// <param name="Maps">One map a snapshot; empty for patterns.</param>
/// <param name="Image">The image that feature maps are computed for; null for patterns.</param>
internal sealed record FilmPlan(
    FilmSource Source, string Subject, int Side, IReadOnlyList<PatternJob> Patterns, IReadOnlyList<FilmMap> Maps, PixelBuffer? Image)
{
    public string ETag => ContentKey.Create(
    [
        "film",
        Source.Run,
        Subject,
        ContentKey.Text(Side),
        .. Patterns.Select(plan => plan.ETag),
        .. Maps.Select(map => map.Key),
        .. Image is { } image ? [Convert.ToHexStringLower(SHA256.HashData(image.Data))] : Array.Empty<string>(),
        JsonSerializer.Serialize(Source.Snapshots.Select(snapshot => snapshot.Metrics), CoreJson.Options),
    ]);

    /// <summary>Problem codes: <c>request.invalid</c>, <c>layer.not-found</c>, <c>filter.not-found</c>, <c>class.not-found</c>.</summary>
    public static Outcome<FilmPlan> Create(FilmSource source, FilmRequest request, string revision)
    {
        if (Check(request) is { } wrong)
        {
            return wrong;
        }

        // All snapshots have the same architecture: what is valid for one is valid for all.
        return request.Class is { } named
            ? ClassLookup.IndexOf(source.First, named).Bind(index =>
                CreateForPatterns(source, request, $"class {source.First.Manifest.Classes[index]}",
                    (model, own) => PatternJob.CreateForClass(model, index, own, revision)))
            : request.Image is null
            ? CreateForPatterns(source, request, Filter(request),
                (model, own) => PatternJob.Create(model, request.Layer!, request.Filter!.Value, null, own, revision))
            : Each(source, model => FilmMap.Create(model, request.Layer!, request.Filter!.Value, request.Scale))
                .Bind<FilmPlan>(maps => new FilmPlan(source, $"{Filter(request)} of an image", request.Side, [], maps, request.Image));
    }

    private static Outcome<FilmPlan> CreateForPatterns(
        FilmSource source, FilmRequest request, string subject, Func<LoadedModel, PatternRequest, Outcome<PatternJob>> plan) =>
        Each(source, model => plan(model, request.Pattern with { SharesStart = true }))
        .Bind<FilmPlan>(patterns => new FilmPlan(source, subject, request.Side, patterns, [], null));

    private static Outcome<IReadOnlyList<T>> Each<T>(FilmSource source, Func<LoadedModel, Outcome<T>> plan) =>
        Outcome.All(source.Snapshots.Select(snapshot => plan(snapshot.Network)));

    private static string Filter(FilmRequest request) => $"{request.Layer} filter {ContentKey.Text(request.Filter!.Value)}";

    private static Problem? Check(FilmRequest request)
    {
        var errors = new ValidationErrors();
        errors.Require((request.Layer is null) != (request.Class is null), request.Layer is null ? "layer" : "class",
            "exactly one of layer and class must be given");
        errors.Require(request.Layer is null || request.Filter is not null, "filter", "must be given beside layer");
        errors.Require(request.Layer is not null || request.Filter is null, "filter", "goes with layer only");
        errors.Require(request.Layer is not null || request.Image is null, "image", "goes with layer and filter only");
        return errors.Any ? Problem.Validation(errors) : null;
    }
}
