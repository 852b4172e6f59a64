using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>
/// What a network alone decides about a layer's response to an image: which function measures it, and where a gradient has to leak so
/// that an ascent finds one. A convolution and the activation layer behind it count as one layer. Immutable.
/// </summary>
public sealed record ResponseForm
{
    /// <summary>The form of a class: the mean of its linear values, both ways.</summary>
    public static ResponseForm OfClass { get; } = new();

    /// <summary>The function between the preactivation that is maximized and the activation that measures the image.</summary>
    public ActivationFunction Function { get; private init; }

    /// <summary>
    /// True if the map is linear in the image: its mean alone has a constant gradient, so that the kink of the leaky ReLU, between cells of
    /// opposite sign, is what shapes the image.
    /// </summary>
    public bool IsLinear { get; private init; }

    /// <summary>True if a mean activation of 0 means that no cell fires.</summary>
    public bool IsSilentAtZero { get; private init; }

    /// <summary>
    /// True if the objective lets negative preactivations through in part: a plain ReLU has no gradient for a silent filter.
    /// </summary>
    public bool Leaks { get; private init; }

    /// <summary>True if the mean of the positive cells measures the image; false for that of all cells.</summary>
    public bool MeasuresPositivePart { get; private init; }

    /// <summary>
    /// Names of the layers before this one whose ReLUs the gradient passes as if they were leaky; empty for a layer with weights of
    /// its own.
    /// </summary>
    public IReadOnlySet<string> LeakyRelus { get; private init; } = new HashSet<string>();

    /// <param name="network">The network of the layers.</param>
    /// <param name="path">The layers up to that of the patterns.</param>
    /// <param name="maximized">The layer whose preactivation is maximized.</param>
    /// <param name="measured">The layer whose activation measures the image.</param>
    internal static ResponseForm Create(ResolvedNetwork network, ExecutionOrder path, ResolvedLayer maximized, ResolvedLayer measured)
    {
        var function = network.FunctionOf(measured);
        var isMap = path.End.OutputShape.IsMap;
        var isLinear = isMap && IsLinearInImage(network, path);
        var before = UpstreamRelus.Before(network, maximized);
        return new()
        {
            Function = function,
            IsLinear = isLinear,
            IsSilentAtZero = function.Kind is ActivationKind.Relu or ActivationKind.Relu6 || before.AreAll,
            Leaks = isLinear || (isMap && (IsReluLike(function.Kind) || measured.Spec is PReluLayer)),
            MeasuresPositivePart = isLinear && function.Kind == ActivationKind.Linear,
            LeakyRelus = IsReluLike(function.Kind) ? new HashSet<string>() : before.Layers,
        };
    }

    private static bool IsLinearInImage(ResolvedNetwork network, ExecutionOrder path) => path.Layers
        .SkipLast(1)
        .All(before =>
            before.Spec
                is not (MaxPooling2dLayer or GlobalMaxPooling2dLayer or PReluLayer or MultiplyLayer or LocalResponseNormalizationLayer
                    or LayerNormalizationLayer)
                && network.ActivationOf(before) == ActivationKind.Linear);

    /// <summary>True for activation functions of the ReLU family, which suppress or shrink negative values.</summary>
    private static bool IsReluLike(ActivationKind activation) =>
        activation
            is not (ActivationKind.Linear or ActivationKind.Sigmoid or ActivationKind.HardSigmoid or ActivationKind.Tanh
                or ActivationKind.Softmax);
}
