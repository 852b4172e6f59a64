using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Gradient ascent from noise to the image that a filter responds to most. Returned tensors belong to the caller's dispose scope.
/// </summary>
internal interface IPatternAscent : IDisposable
{
    /// <summary>Number of starts: where a start gives no gradient, up to two more with stronger noise follow.</summary>
    const int Attempts = 3;

    /// <summary>The start position of attempt number <paramref name="attempt"/>, counted from 0.</summary>
    Tensor Start(TileStreams streams, int attempt);

    /// <summary>
    /// Maximizes the objective. Returns false, with the position unchanged, if the gradient at the start is zero or not finite.
    /// </summary>
    /// <param name="position">Changed in place.</param>
    /// <param name="filter">Channel index in the layer.</param>
    /// <param name="streams">Random streams of the tile.</param>
    /// <param name="attempt">Number of the start, from 0.</param>
    /// <param name="others">Gram matrices of the filter's earlier images, from which this one has to differ.</param>
    /// <param name="cancel">Checked before each step.</param>
    bool Maximize(Tensor position, int filter, TileStreams streams, int attempt, IReadOnlyList<Tensor> others, CancellationToken cancel);

    /// <summary>The image at a position, <c>[1,C,H,W]</c>, RGB, 0–1.</summary>
    Tensor ToImage(Tensor position);

    /// <summary>True if the gradient is neither zero everywhere nor overflowing.</summary>
    static bool IsUsable(Tensor gradient)
    {
        using var steepest = gradient.abs().amax();
        return steepest.item<float>() is > 0 and < float.PositiveInfinity;
    }
}
