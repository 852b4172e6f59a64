using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Computes explanations of a served network's predictions, without drawing them. Thread safe.</summary>
public sealed class Explainer
{
    private readonly IServedScores _scores;
    private readonly ClassActivationMaps _activationMaps;
    private readonly PixelGradients _gradients;
    private readonly Perturbation _perturbation;

    public Explainer(IClassGradients gradients, IServedScores scores, IFeatureMapReader maps)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(maps);
        _scores = scores;
        var asked = new PerturbationScores(scores);
        _activationMaps = new ClassActivationMaps(gradients, asked, maps);
        _gradients = new PixelGradients(gradients);
        _perturbation = new Perturbation(asked);
    }

    /// <summary>
    /// Takes from milliseconds (grad-cam) to many seconds (rise). Problem codes: <c>model.corrupt</c>, <c>explain.failed</c>,
    /// <c>explain.not-finite</c>.
    /// </summary>
    /// <param name="plan">Method, class and parameters.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="cancel">Checked between batches.</param>
    public Outcome<Explanation> Explain(ExplanationPlan plan, PixelBuffer image, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(image);
        return _scores.Logits(plan.Model, [image.Data], plan.OnGpu)
            .Bind<ClassTarget>(logits => ClassTarget.Resolve(plan.Model.Network, logits, plan.Class))
            .Bind(target => Compute(new(plan, image, target, cancel)))
            .Bind(Validate);
    }

    private Outcome<Explanation> Compute(ExplainTask task) => task.Plan.Method switch
    {
        ExplainMethod.ScoreCam => _activationMaps.ByScores(task),
        ExplainMethod.Saliency => _gradients.Saliency(task),
        ExplainMethod.SmoothGrad => _gradients.SmoothGrad(task),
        ExplainMethod.IntegratedGradients => _gradients.Integrated(task),
        ExplainMethod.Occlusion => _perturbation.Occlusion(task),
        ExplainMethod.Rise => _perturbation.Rise(task),
        _ => _activationMaps.ByGradients(task),
    };

    /// <summary>
    /// Fails on values that are not finite, which come from a network that overflows; marks a map without positive values as empty.
    /// </summary>
    private static Outcome<Explanation> Validate(Explanation explanation) =>
        !explanation.Values.All(float.IsFinite) || !double.IsFinite(explanation.Target.Score)
            ? Problem.Unprocessable("explain.not-finite",
                "The network gives values beyond what float32 holds for this image, so that nothing can be explained.")
            : explanation is { IsSigned: false, Max: <= 0 } || (explanation.IsSigned && explanation.Values.All(value => value == 0))
                ? explanation with { Status = ExplainStatus.Empty }
                : explanation;
}

/// <summary>The input of one explanation.</summary>
/// <param name="Plan">Method, class and parameters.</param>
/// <param name="Image">An image at the network's input size and channels.</param>
/// <param name="Target">The class to explain and the network's prediction.</param>
/// <param name="Cancel">Checked between batches.</param>
internal sealed record ExplainTask(ExplanationPlan Plan, PixelBuffer Image, ClassTarget Target, CancellationToken Cancel)
{
    public int Height => Image.Height;

    public int Width => Image.Width;

    public ImageSpace Space => new(Plan.Model.Network.Spec.Input, Plan.Model.Manifest.Preprocessing);

    /// <summary>An explanation at the resolution of the image.</summary>
    public Explanation Whole(float[] values) => new(Target, values, Height, Width, Height, Width);

    /// <summary>An explanation from a coarse map, enlarged bilinearly before any other processing.</summary>
    public Explanation Enlarged(ReadOnlySpan<float> map, int height, int width) =>
        new(Target, Resampling.Bilinear(map, height, width, Height, Width), Height, Width, height, width);
}
