using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>A validated request for a timelapse: either a pattern or a feature map of every snapshot. Immutable.</summary>
public sealed class TimelapsePlan
{
    private TimelapsePlan(
        TimelapseSource source, string subject, int side, IReadOnlyList<PatternJob> patterns, IReadOnlyList<TimelapseMap> maps,
        PixelBuffer? image) =>
        (Source, Subject, Side, Patterns, Maps, Image) = (source, subject, side, patterns, maps, image);

    /// <summary>Entity tag of the timelapse, hex, whatever it is drawn as.</summary>
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

    /// <summary>The snapshots of the run.</summary>
    internal TimelapseSource Source { get; }

    /// <summary>What the frames show, in words.</summary>
    internal string Subject { get; }

    /// <summary>Side in pixels that small images are enlarged towards.</summary>
    internal int Side { get; }

    /// <summary>One job a snapshot; empty for feature maps.</summary>
    internal IReadOnlyList<PatternJob> Patterns { get; }

    /// <summary>One map a snapshot; empty for patterns.</summary>
    internal IReadOnlyList<TimelapseMap> Maps { get; }

    /// <summary>The image that feature maps are computed for; null for patterns.</summary>
    internal PixelBuffer? Image { get; }

    internal TimelapsePlan On(bool gpu) => new(Source, Subject, Side, [.. Patterns.Select(job => job.On(gpu))], Maps, Image);

    /// <param name="source">The snapshots of the run.</param>
    /// <param name="request">What to show of them.</param>
    /// <returns>
    /// Problem codes: <c>request.invalid</c>, <c>layer.not-found</c>, <c>filter.not-found</c>, <c>class.not-found</c>.
    /// </returns>
    public static Outcome<TimelapsePlan> Create(TimelapseSource source, TimelapseRequest request)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(request);
        if (Check(request) is { } wrong)
        {
            return wrong;
        }

        // All snapshots have the same architecture: what is valid for one is valid for all.
        return request.Class is { } named
            ? ClassLookup.IndexOf(source.First, named).Bind(index =>
                CreateForPatterns(source, request, $"class {source.First.Manifest.Classes[index]}",
                    (model, own) => PatternJob.CreateForClass(model, index, own)))
            : request.Image is null
            ? CreateForPatterns(source, request, Filter(request),
                (model, own) => PatternJob.Create(model, request.Layer!, request.Filter!.Value, null, own))
            : Each(source, model => TimelapseMap.Create(model, request.Layer!, request.Filter!.Value, request.Scale))
                .Map(maps => new TimelapsePlan(source, $"{Filter(request)} of an image", request.Side, [], maps, request.Image));
    }

    private static Outcome<TimelapsePlan> CreateForPatterns(
        TimelapseSource source, TimelapseRequest request, string subject, Func<LoadedModel, PatternRequest, Outcome<PatternJob>> plan) =>
        Each(source, model => plan(model, request.Pattern with { SharesStart = true }))
        .Bind<TimelapsePlan>(patterns => new TimelapsePlan(source, subject, request.Side, patterns, [], null));

    private static Outcome<IReadOnlyList<T>> Each<T>(TimelapseSource source, Func<LoadedModel, Outcome<T>> plan) =>
        Outcome.All(source.Snapshots.Select(snapshot => plan(snapshot.Network)));

    private static string Filter(TimelapseRequest request) => $"{request.Layer} filter {ContentKey.Text(request.Filter!.Value)}";

    private static Problem? Check(TimelapseRequest request)
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
