using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Objectives;

/// <summary>
/// The training loss: cross-entropy with optional label smoothing, class weights and mixup. Computes PyTorch's <c>cross_entropy</c> with
/// <c>label_smoothing</c> and <c>weight</c>, also for a single sigmoid output. Where an image has any number of labels, the mean binary
/// cross-entropy of its classes. Owns small tensors.
/// </summary>
internal sealed class Objective : IDisposable
{
    private readonly double _smoothing;
    private readonly int _classes;
    private readonly Tensor _indices;
    private readonly Tensor? _weights;
    private readonly Tensor? _sets; // uint8 [S,K]: the classes of each label; null where an image has one.
    private readonly Tensor? _shift; // ln(weight) of each class, where images have any number of labels and weights.

    /// <param name="plan">The plan.</param>
    /// <param name="device">Where the loss is computed.</param>
    /// <param name="sets">The classes of each label, where an image has any number of them; null: one empty set, to measure with.</param>
    internal Objective(TrainingPlan plan, Device device, IReadOnlyList<IReadOnlyList<int>>? sets = null)
    {
        _smoothing = plan.LabelSmoothing;
        _classes = plan.Classes.Count;
        _indices = arange(OwnedScalars.CreateInteger(_classes), ScalarType.Int64, device: device).DetachFromDisposeScope();
        _weights = plan.ClassWeights is { } weights
            ? tensor([.. weights], ScalarType.Float32, device: device).DetachFromDisposeScope()
            : null;
        if (plan.Task == DatasetTask.MultiLabel)
        {
            _sets = SetTensor(sets ?? [[]], device);
            _shift = _weights?.log().DetachFromDisposeScope();
        }
    }

    /// <summary>The loss as images are judged by it: without weights, smoothing and mixup. Scalar, mean over the batch.</summary>
    internal Tensor Plain(Tensor logits, Tensor labels)
    {
        if (_sets is null)
        {
            return Losses.CrossEntropy(logits, labels);
        }

        using var targets = Rows(labels);
        return Losses.BinaryCrossEntropy(logits, targets);
    }

    /// <summary>The number of images that are answered right, an int64 scalar.</summary>
    internal Tensor CountCorrect(Tensor logits, Tensor labels)
    {
        if (_sets is null)
        {
            return Losses.CountCorrect(logits, labels);
        }

        using var targets = Rows(labels);
        return Losses.CountExact(logits, targets);
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
            return Plain(logits, targets.Labels);
        }

        if (_sets is not null)
        {
            return SeveralLabels(logits, targets);
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
        _sets?.Dispose();
        _shift?.Dispose();
    }

    /// <summary>
    /// The mean over images and classes. An image that has a class weighs as much as the class's weight against one that has not; the
    /// logits are raised by the weight's logarithm for that, so that what the network itself answers stays the probability among the images
    /// as they are (Menon et al., "Long-tail learning via logit adjustment", 2021).
    /// </summary>
    private Tensor SeveralLabels(Tensor logits, Targets targets)
    {
        using var scope = NewDisposeScope();
        var own = Rows(targets.Labels);
        var mixed = targets.PartnerLabels is null
            ? own
            : own.mul(OwnedScalars.Create(targets.Weight)).add(Rows(targets.PartnerLabels), OwnedScalars.Create(1 - targets.Weight));
        var smooth = mixed.mul(OwnedScalars.Create(1 - _smoothing)).add(OwnedScalars.Create(_smoothing / 2), OwnedScalars.One);
        return (_weights is null
            ? Losses.BinaryCrossEntropy(logits, smooth)
            : nn.functional.binary_cross_entropy_with_logits(logits.add(_shift!, OwnedScalars.One), smooth, pos_weights: _weights))
            .MoveToOuterDisposeScope();
    }

    /// <summary>1 for each class of each label, else 0, float32 <c>[N,K]</c>.</summary>
    private Tensor Rows(Tensor labels)
    {
        using var rows = _sets!.index_select(0, labels);
        return rows.to_type(ScalarType.Float32);
    }

    private Tensor SetTensor(IReadOnlyList<IReadOnlyList<int>> sets, Device device)
    {
        var cells = new byte[sets.Count * _classes];
        foreach (var (row, set) in sets.Index())
        {
            foreach (var one in set)
            {
                cells[(row * _classes) + one] = 1;
            }
        }

        using var host = tensor(cells, [sets.Count, _classes], ScalarType.Byte, device: CPU);
        return HostCopy.ToDevice(host, device).DetachFromDisposeScope();
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
