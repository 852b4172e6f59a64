using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>
/// Explains what a network says of a picture. Problem codes: <c>class.not-found</c>, <c>layer.not-found</c>, <c>model.no-classes</c>,
/// <c>model.no-layers</c>, <c>explain.no-maps</c>, <c>explain.layer-unused</c>, <c>request.invalid</c>. Thread safe.
/// </summary>
/// <param name="probe">Asks the network.</param>
public sealed class Explainer(INetworkProbe probe)
{
    /// <param name="model">With classes.</param>
    /// <param name="picture">At the network's input size and channels.</param>
    /// <param name="request">Class and method.</param>
    /// <param name="cancel">Heeded between batches.</param>
    public Outcome<Explanation> Explain(LoadedModel model, PixelBuffer picture, ExplainRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(request);
        var fit = Check(model, request);
        var unit = UnitPictures.Of(picture);
        return fit.Then(_ => probe.Logits(model, unit)).Then(logits =>
        {
            var predicted = ClassScore.Predicted(model, logits);
            var chosen = request.Class is { } named ? ExplainTarget.Class(model, named) : predicted;
            return chosen.Then(index => Explain(new ClassScore(model, index), unit, request, cancel).Then<Explanation>(found => found with
            {
                Predicted = model.Manifest.Classes[predicted],
                Probability = new ClassScore(model, index).Probability(logits),
                Logit = new ClassScore(model, index).Of(logits),
            }));
        });
    }

    /// <summary>What is wrong with a request before any picture is looked at.</summary>
    public static Outcome<LoadedModel> Check(LoadedModel model, ExplainRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var errors = new ValidationErrors();
        request.Check(errors);
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        return model.RequireClasses()
            .Then(found => request.Method.IsForwardOnly() ? found : found.RequireLayers())
            .Then(found => request.Method.HasLayer() ? ExplainTarget.Layer(found, request.Layer).Then<LoadedModel>(_ => found) : found)
            .Then(found => request.Class is { } named ? ExplainTarget.Class(found, named).Then<LoadedModel>(_ => found) : found);
    }

    private Outcome<Explanation> Explain(ClassScore score, UnitPictures picture, ExplainRequest request, CancellationToken cancel)
    {
        var plain = Of(score, picture, request);
        var gradients = new GradientMaps(probe, score);
        var masks = new MaskMaps(probe, score);
        switch (request.Method)
        {
            case ExplainMethod.Saliency:
                return gradients.Saliency(picture).Then<Explanation>(map => With(plain, map));
            case ExplainMethod.Smoothgrad:
                return gradients.Smooth(picture, request.Samples, request.Noise, request.Seed, cancel).Then<Explanation>(map => With(plain, map));
            case ExplainMethod.IntegratedGradients:
                var baseline = Baselines.Of(request.Baseline, score.Model, picture, request.Seed);
                return gradients.Integrated(picture, baseline, request.Steps, cancel)
                    .Then<Explanation>(found => With(plain, found.Map) with { CompletenessError = found.Error, Steps = found.Steps });
            case ExplainMethod.Occlusion:
                return masks.Occlusion(picture, cancel).Then<Explanation>(map => With(plain, map));
            case ExplainMethod.Rise:
                return masks.Rise(picture, request.Masks, request.Seed, cancel).Then<Explanation>(map => With(plain, map));
            default:
                return ExplainTarget.Layer(score.Model, request.Layer).Then(layer => Cam(score, picture, request, layer, masks, cancel)
                    .Then<Explanation>(map => With(plain, map) with { Layer = layer.Name }));
        }
    }

    private Outcome<float[]> Cam(ClassScore score, UnitPictures picture, ExplainRequest request, ResolvedLayer layer, MaskMaps masks, CancellationToken cancel) =>
        probe.OfLayer(score.Model, layer.Name, picture, score.Weights).Then(found => request.Method == ExplainMethod.ScoreCam
            ? masks.ScoreCam(picture, found.Value, request.Maps, cancel)
            : Outcome.Success(BilinearMap.Resize(
                CamMaps.Of(request.Method, found.Value, found.Gradient), found.Value.Height, found.Value.Width, picture.Height, picture.Width)));

    private static Explanation Of(ClassScore score, UnitPictures picture, ExplainRequest request) => new()
    {
        Method = request.Method,
        Class = score.Name,
        Predicted = score.Name,
        Probability = 0,
        Logit = 0,
        Height = picture.Height,
        Width = picture.Width,
        Peak = 0,
        Map = ReadOnlyMemory<float>.Empty,
    };

    private static Explanation With(Explanation plain, float[] map) =>
        plain with { Map = map, Peak = Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<float>(map)) };
}
