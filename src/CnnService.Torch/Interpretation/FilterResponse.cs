using CnnService.Core.Architecture;
using CnnService.Core.Interpretation;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// What an ascent makes large and what its image is judged by. The target is the mean of <c>leakyRelu(z, 0.1)</c> of the
/// preactivation: a plain ReLU gives a silent filter no gradient at all, and the plain mean of a layer that is linear in the
/// image is largest for one flat colour. The judge is the mean of what the layer gives. A convolution whose activation function is a layer
/// of its own is taken together with that; a layer that only hands on what rectifiers before it give is climbed as if these leaked.
/// </summary>
internal sealed class FilterResponse
{
    private const double LeakSlope = 0.1;
    private const int Border = 2;
    private const int SmallestWithBorder = 9;

    /// <summary>Its preactivation is what is climbed.</summary>
    private readonly ExecutionOrder _source;

    /// <summary>Its activation is what is judged.</summary>
    private readonly ExecutionOrder _judge;

    private readonly ActivationFunction _function;
    private readonly bool _leaks;
    private readonly ReluLeak? _before;
    private readonly bool _judgesPositivePart;
    private readonly bool _isClass;
    private readonly bool _isNeuron;
    private readonly int _direction;

    /// <param name="job">A filter or a class, and which way.</param>
    internal FilterResponse(PatternJob job)
    {
        var (network, layer) = (job.Model.Network, job.Layer);
        (_source, _judge, _isNeuron, _isClass) = (job.Climbed, job.Judged, job.Request.Objective == PatternObjective.Neuron,
            job.ClassDirection != 0);
        _direction = job.Request.Direction * (_isClass ? job.ClassDirection : 1);
        if (_isClass)
        {
            return; // The mean of the linear values, both ways.
        }

        _function = network.FunctionOf(_judge.End);
        IsLinear = layer.OutputShape.IsMap && IsLinearInImage(network, layer);
        var before = UpstreamRelus.Before(network, _source.End);
        _before = before.Layers.Count > 0 && !Rectifies(_function.Kind) ? new(before.Layers, LeakSlope) : null;
        IsSilentAtZero = _function.Kind is ActivationKind.Relu or ActivationKind.Relu6 || before.AreAll;
        _leaks = IsLinear || (layer.OutputShape.IsMap && (Rectifies(_function.Kind) || _judge.End.Spec is PReluLayer));
        _judgesPositivePart = IsLinear && _function.Kind == ActivationKind.Linear;
    }

    /// <summary>The map is linear in the image: what is climbed has no slope but at the leak's bend, between cells of either
    /// sign.</summary>
    internal bool IsLinear { get; }

    /// <summary>A mean activation of zero says that no cell fires.</summary>
    internal bool IsSilentAtZero { get; }

    /// <summary>The target of the ascent, one number.</summary>
    /// <param name="network">Sees the image.</param>
    /// <param name="image"><c>[1,C,H,W]</c>, RGB, 0–1. The gradient passes through.</param>
    /// <param name="filter">Which filter.</param>
    internal Tensor Score(LoadedNetwork network, Tensor image, int filter)
    {
        using var scope = NewDisposeScope();
        return Score(network.Preactivation(image, _source, filter, _before)).MoveToOuterDisposeScope();
    }

    /// <summary>The target, and how alike the image is to others in what all filters make of it.</summary>
    /// <inheritdoc cref="Score(LoadedNetwork, Tensor, int)"/>
    /// <param name="others">Their likenesses.</param>
    internal (Tensor Score, Tensor Likeness) Score(LoadedNetwork network, Tensor image, int filter, IReadOnlyList<Tensor> others)
    {
        using var scope = NewDisposeScope();
        var maps = network.Preactivation(image, _source, null, _before);
        var likeness = Gram.Likeness(Gram.Compute(maps), others);
        return (Score(maps.narrow(1, filter, 1)).MoveToOuterDisposeScope(), likeness.MoveToOuterDisposeScope());
    }

    /// <summary>What an image is compared with others by.</summary>
    /// <param name="network">Sees the image.</param>
    /// <param name="image"><c>[1,C,H,W]</c>, RGB, 0–1.</param>
    internal Tensor Texture(LoadedNetwork network, Tensor image)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        return Gram.Compute(network.Preactivation(image, _source, null, _before)).MoveToOuterDisposeScope();
    }

    /// <summary>Each image's mean activation of each filter, <c>[N,C]</c>.</summary>
    /// <param name="network">Sees the images.</param>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c>, RGB.</param>
    internal Tensor Means(LoadedNetwork network, Tensor bytes)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        var values = _direction > 0 || _isClass
            ? network.Activation(bytes, _judge)
            : Opposite(network.Activation(bytes, _source, TapPoint.Preactivation));
        var parts = _judgesPositivePart ? values.relu() : values;
        var cells = _isNeuron ? Middle(parts) : parts;
        var means = cells.dim() == 4 ? cells.mean([2, 3]) : cells.alias();
        return (_isClass && _direction < 0 ? means.neg() : means).MoveToOuterDisposeScope();
    }

    private Tensor Score(Tensor preactivation)
    {
        var z = _isNeuron ? Middle(preactivation) : Inside(preactivation);
        var towards = _direction < 0 ? z.neg() : z;
        return (_leaks ? towards.leaky_relu(OwnedScalars.Create(LeakSlope)) : towards).mean();
    }

    /// <summary>What the filter with the opposite weights would give.</summary>
    private Tensor Opposite(Tensor preactivation) =>
        _judge.End.Spec is PReluLayer ? preactivation.neg().relu() : Activations.Apply(_function, preactivation.neg(), mayOverwrite: false);

    /// <summary>The cell in the middle, <c>[N,C,1,1]</c>; the corner sees mostly padding.</summary>
    private static Tensor Middle(Tensor map) =>
        map.dim() == 4 ? map.narrow(2, map.shape[2] / 2, 1).narrow(3, map.shape[3] / 2, 1) : map;

    /// <summary>Without the cells that see the padding, which draw frames; small maps are taken whole.</summary>
    private static Tensor Inside(Tensor map)
    {
        for (var dimension = 2; dimension < map.dim(); dimension++)
        {
            var cells = map.shape[dimension];
            map = cells < SmallestWithBorder ? map : map.narrow(dimension, Border, cells - (2 * Border));
        }

        return map;
    }

    private static bool IsLinearInImage(ResolvedNetwork network, ResolvedLayer layer) => ExecutionOrder.To(network, layer).Layers
        .SkipLast(1)
        .All(before =>
            before.Spec
                is not (MaxPooling2dLayer or GlobalMaxPooling2dLayer or PReluLayer or MultiplyLayer or LocalResponseNormalizationLayer)
                && network.ActivationOf(before) == ActivationKind.Linear);

    /// <summary>Has a bend at zero, or nearly so: what lies below it counts for little.</summary>
    private static bool Rectifies(ActivationKind activation) =>
        activation
            is not (ActivationKind.Linear or ActivationKind.Sigmoid or ActivationKind.HardSigmoid or ActivationKind.Tanh
                or ActivationKind.Softmax);
}
