using CnnService.Core.Architecture;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Explaining;

/// <summary>
/// What an ascent makes large and what its picture is judged by. The target is the mean of <c>leakyRelu(z, 0.1)</c> of the
/// preactivation: a plain ReLU gives a silent filter no gradient at all, and the plain mean of a layer that is linear in the
/// picture is largest for one flat colour. The judge is the mean of what the layer gives.
/// </summary>
internal sealed class FilterResponse
{
    private const double Leak = 0.1;
    private const int Border = 2;
    private const int SmallestWithBorder = 9;

    private readonly bool _leaks;
    private readonly bool _judgesPositivePart;

    private readonly int _direction;

    /// <param name="network">The whole.</param>
    /// <param name="layer">Of the filter.</param>
    /// <param name="classDirection">0: a filter; 1 or -1: a class, or the one against it.</param>
    internal FilterResponse(ResolvedNetwork network, ResolvedLayer layer, int classDirection = 0)
    {
        _direction = classDirection == 0 ? 1 : classDirection;
        if (classDirection != 0)
        {
            return; // The mean of the linear values, both ways.
        }

        var activation = network.ActivationOf(layer);
        IsLinear = layer.OutputShape.IsMap && IsLinearInPicture(network, layer);
        IsSilentAtZero = activation is ActivationKind.Relu or ActivationKind.Relu6;
        _leaks = IsLinear || (layer.OutputShape.IsMap && Rectifies(activation));
        _judgesPositivePart = IsLinear && activation == ActivationKind.Linear;
    }

    /// <summary>The map is linear in the picture: what is climbed has no slope but at the leak's bend, between cells of either sign.</summary>
    internal bool IsLinear { get; }

    /// <summary>A mean activation of zero says that no cell fires.</summary>
    internal bool IsSilentAtZero { get; }

    /// <summary>The target of the ascent, one number.</summary>
    /// <param name="preactivation">Of the filter alone, <c>[1,1,H,W]</c> or <c>[1,1]</c>.</param>
    internal Tensor Score(Tensor preactivation)
    {
        using var scope = NewDisposeScope();
        var z = Inside(preactivation);
        var score = (_leaks ? z.leaky_relu(Scalars.Of(Leak)) : z).mean();
        return (_direction < 0 ? score.neg() : score).MoveToOuterDisposeScope();
    }

    /// <summary>Each picture's mean activation of each filter, <c>[N,C]</c>.</summary>
    /// <param name="activation"><c>[N,C,H,W]</c> or <c>[N,C]</c>, after the activation function.</param>
    internal Tensor Means(Tensor activation)
    {
        using var scope = NewDisposeScope();
        var values = _judgesPositivePart ? activation.relu() : activation.alias();
        var means = values.dim() == 4 ? values.mean([2, 3]) : values;
        return (_direction < 0 ? means.neg() : means).MoveToOuterDisposeScope();
    }

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

    private static bool IsLinearInPicture(ResolvedNetwork network, ResolvedLayer layer) => Route.To(network, layer)
        .SkipLast(1)
        .All(before => before.Spec is not (MaxPooling2dLayer or GlobalMaxPooling2dLayer or PReluLayer or MultiplyLayer or LocalResponseNormalizationLayer) && network.ActivationOf(before) == ActivationKind.Linear);

    /// <summary>Has a bend at zero, or nearly so: what lies below it counts for little.</summary>
    private static bool Rectifies(ActivationKind activation) =>
        activation is not (ActivationKind.Linear or ActivationKind.Sigmoid or ActivationKind.HardSigmoid or ActivationKind.Tanh or ActivationKind.Softmax);
}
