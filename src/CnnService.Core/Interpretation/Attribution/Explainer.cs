using CnnService.Core.Common;
using CnnService.Core.Drawing;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Explains an answer of a served network: numbers, no images. Thread safe.</summary>
public sealed class Explainer
{
    private readonly IServedScores _scores;
    private readonly ClassActivationMaps _mapping;
    private readonly PixelGradients _gradients;
    private readonly Perturbation _covering;

    public Explainer(IClassGradients gradients, IServedScores scores, IFeatureMapReader maps)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(maps);
        _scores = scores;
        var asked = new PerturbationScores(scores);
        _mapping = new ClassActivationMaps(gradients, asked, maps);
        _gradients = new PixelGradients(gradients);
        _covering = new Perturbation(asked);
    }

    /// <summary>Takes from milliseconds (grad-cam) to many seconds (rise). Problem codes: <c>model.corrupt</c>,
    /// <c>explain.failed</c>.</summary>
    /// <param name="plan">What and how.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="cancel">Checked between batches.</param>
    public Outcome<Explanation> Explain(ExplanationPlan plan, PixelBuffer image, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(image);
        return _scores.Logits(plan.Model, [image.Data])
            .Bind<ClassTarget>(logits => ClassTarget.Resolve(plan.Model.Network, logits, plan.Class))
            .Bind(target => Draw(new(plan, image, target, cancel)))
            .Bind(Finish);
    }

    private Outcome<Explanation> Draw(ExplainTask task) => task.Plan.Method switch
    {
        ExplainMethod.ScoreCam => _mapping.ByScores(task),
        ExplainMethod.Saliency => _gradients.Saliency(task),
        ExplainMethod.SmoothGrad => _gradients.SmoothGrad(task),
        ExplainMethod.IntegratedGradients => _gradients.Integrated(task),
        ExplainMethod.Occlusion => _covering.Occlusion(task),
        ExplainMethod.Rise => _covering.Rise(task),
        _ => _mapping.ByGradients(task),
    };

    /// <summary>Numbers that are none come of networks that overflow; a map with them would say nothing.</summary>
    private static Outcome<Explanation> Finish(Explanation drawn) =>
        !drawn.Values.All(float.IsFinite) || !double.IsFinite(drawn.Target.Score)
            ? Problem.Unprocessable("explain.not-finite",
                "The network gives values beyond what float32 holds for this image, so that nothing can be explained.")
            : drawn is { IsSigned: false, Most: <= 0 } || (drawn.IsSigned && drawn.Values.All(value => value == 0))
                ? drawn with { Status = ExplainStatus.Empty }
                : drawn;
}

/// <summary>One explanation under way.</summary>
/// <param name="Plan">What and how.</param>
/// <param name="Image">At the network's input size.</param>
/// <param name="Target">The class.</param>
/// <param name="Cancel">Checked between batches.</param>
internal sealed record ExplainTask(ExplanationPlan Plan, PixelBuffer Image, ClassTarget Target, CancellationToken Cancel)
{
    public int Height => Image.Height;

    public int Width => Image.Width;

    public ImageSpace Space => new(Plan.Model.Network.Spec.Input, Plan.Model.Manifest.Preprocessing);

    /// <summary>A map that is as fine as the image.</summary>
    public Explanation Whole(float[] values) => new(Target, values, Height, Width, Height, Width);

    /// <summary>A coarse map, enlarged before anything else happens to it.</summary>
    public Explanation Enlarged(ReadOnlySpan<float> map, int height, int width) =>
        new(Target, Resampling.Bilinear(map, height, width, Height, Width), Height, Width, height, width);
}
