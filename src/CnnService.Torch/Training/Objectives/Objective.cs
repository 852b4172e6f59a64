using CnnService.Core.Training;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Objectives;

/// <summary>
/// The training loss: cross-entropy with optional label smoothing, class weights and mixup. Computes PyTorch's <c>cross_entropy</c> with
/// <c>label_smoothing</c> and <c>weight</c>, also for a single sigmoid output. Owns two small tensors.
/// </summary>
internal sealed class Objective : IDisposable
{
    private readonly double _smoothing;
    private readonly int _classes;
    private readonly Tensor _indices;
    private readonly Tensor? _weights;

    internal Objective(TrainingPlan plan, Device device)
    {
        _smoothing = plan.LabelSmoothing;
        _classes = plan.Classes.Count;
        _indices = arange(OwnedScalars.CreateInteger(_classes), ScalarType.Int64, device: device).DetachFromDisposeScope();
        _weights = plan.ClassWeights is { } weights
            ? tensor([.. weights], ScalarType.Float32, device: device).DetachFromDisposeScope()
            : null;
    }

    /// <summary>
    /// The weighted mean over the batch, in nats: the sum over images and classes of −weight·target·ln(probability), divided by the sum of
    /// the weights of the images' labels.
    /// </summary>
    /// <param name="logits">float32 <c>[N,1]</c> or <c>[N,K]</c>.</param>
    /// <param name="targets">For the same N images, on the same device.</param>
    internal Tensor Loss(Tensor logits, Targets targets)
    {
        if (_smoothing == 0 && _weights is null && targets.PartnerLabels is null)
        {
            return Losses.CrossEntropy(logits, targets.Labels);
        }

        using var scope = NewDisposeScope();
        var mixed = TargetDistribution(targets);
        var smooth = mixed.mul(OwnedScalars.Create(1 - _smoothing)).add(OwnedScalars.Create(_smoothing / _classes), OwnedScalars.One);
        var surprise = LogProbabilities(logits).mul(smooth).neg();
        return (_weights is null
            ? surprise.sum(1).mean()
            : surprise.mul(_weights).sum().div(mixed.mul(_weights).sum())).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _indices.Dispose();
        _weights?.Dispose();
    }

    /// <summary>The target distribution of each image before smoothing, float32 <c>[N,K]</c>.</summary>
    private Tensor TargetDistribution(Targets targets)
    {
        var own = OneHot(targets.Labels);
        return targets.PartnerLabels is null
            ? own
            : own.mul(OwnedScalars.Create(targets.Weight))
                .add(OneHot(targets.PartnerLabels), OwnedScalars.Create(1 - targets.Weight));
    }

    /// <summary>1 for each image's class, else 0, float32 <c>[N,K]</c>; libtorch's function reads the labels back to check them.</summary>
    private Tensor OneHot(Tensor labels) => labels.unsqueeze(1).eq(_indices).to_type(ScalarType.Float32);

    /// <summary>Logarithms of the probabilities, <c>[N,K]</c>; a sigmoid output p stands for the two classes 1−p and p.</summary>
    private static Tensor LogProbabilities(Tensor logits) => logits.shape[1] > 1
        ? nn.functional.log_softmax(logits, 1)
        : nn.functional.logsigmoid(cat([logits.neg(), logits], 1));
}
