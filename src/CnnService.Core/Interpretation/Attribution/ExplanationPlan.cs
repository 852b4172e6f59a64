using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>A validated request for an explanation, with defaults filled in. Immutable.</summary>
/// <param name="Model">The model version.</param>
/// <param name="Method">Attribution method.</param>
/// <param name="Class">Index of the class; null for the predicted class.</param>
/// <param name="Layer">The layer; null if the method needs none.</param>
/// <param name="Samples">Number of samples; 0 if the method draws none.</param>
/// <param name="Noise">Standard deviation of smoothgrad's noise, as a share of the image's value range.</param>
/// <param name="Steps">Steps of integrated gradients.</param>
/// <param name="Baseline">Baseline of integrated gradients.</param>
/// <param name="Seed">Seed of everything random.</param>
public sealed record ExplanationPlan(
    LoadedModel Model, ExplainMethod Method, int? Class, ResolvedLayer? Layer, int Samples, double Noise, int Steps, BaselineKind Baseline,
    int Seed)
{
    private const int DefaultSteps = 32;
    private const double DefaultNoise = 0.15;

    /// <summary>Whether it is computed on the GPU, which gives other digits than the processor; see
    /// <see cref="Rendering.IDrawingDevice"/>.</summary>
    public bool OnGpu { get; init; }

    /// <summary>Problem codes: <c>request.invalid</c>, <c>class.not-found</c>, <c>layer.not-found</c>, <c>model.no-classes</c>,
    /// <c>explain.needs-layers</c>, <c>explain.no-map</c>.</summary>
    public static Outcome<ExplanationPlan> Create(LoadedModel model, ExplanationRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var errors = new ValidationErrors();
        var method = ExplainMethods.Find(request.Method);
        errors.Require(method is not null, "method",
            $"must be one of {string.Join(", ", WireName.All<ExplainMethod>())}, received \"{request.Method}\"");
        var baseline = errors.ReadName<BaselineKind>(request.Baseline, "baseline") ?? BaselineKind.Mean;
        errors.Require(request.Steps is null or (>= 8 and <= 512), "steps", $"must be between 8 and 512, received {request.Steps}");
        errors.Require(request.Noise is null or (>= 0 and <= 0.5), "noise", $"must be between 0 and 0.5, received {request.Noise}");
        errors.Require(request.Seed >= 0, "seed", $"must be between 0 and 2147483647, received {request.Seed}");
        var (min, max, usual) = SampleRange(method);
        errors.Require(
            request.Samples is null || (request.Samples >= min && request.Samples <= max),
            "samples",
            $"must be between {min} and {max}{(method is { } known ? $" for {known.ToWireName()}" : "")}, received {request.Samples}");
        return errors.Any
            ? Problem.Validation(errors)
            : model.RequireClasses().Bind(_ => ClassOf(model, request.Class))
                .Bind(wanted => ExplainLayers.Find(model, method!.Value, request.Layer).Bind<ExplanationPlan>(layer =>
                new ExplanationPlan(model, method!.Value, wanted.Number, layer.Layer, request.Samples ?? usual,
                    request.Noise ?? DefaultNoise, request.Steps ?? DefaultSteps, baseline, request.Seed)));
    }

    /// <summary>The part of the cache key that depends on the request, without model and image.</summary>
    internal string Key => $"{Method} {Class} {Layer?.Name} {Samples} {Noise:R} {Steps} {Baseline} {Seed}{(OnGpu ? " gpu" : "")}";

    private static (int Min, int Max, int Default) SampleRange(ExplainMethod? method) => method switch
    {
        ExplainMethod.Rise => (100, 4000, 1000),
        ExplainMethod.ScoreCam => (1, 512, 64),
        ExplainMethod.SmoothGrad => (1, 200, 25),
        _ => (1, 4000, 0),
    };

    private static Outcome<ScoreTarget> ClassOf(LoadedModel model, string? name) =>
        name is null ? new ScoreTarget(null) : ClassLookup.IndexOf(model, name).Bind<ScoreTarget>(number => new ScoreTarget(number));

    private readonly record struct ScoreTarget(int? Number);
}
