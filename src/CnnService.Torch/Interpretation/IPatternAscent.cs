using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>A way from noise to the image that a filter responds to most. What it returns belongs to the caller's dispose scope.</summary>
internal interface IPatternAscent : IDisposable
{
    /// <summary>A filter whose start gives no gradient gets two more, stronger ones.</summary>
    const int Attempts = 3;

    /// <summary>What attempt number <paramref name="attempt"/> starts from.</summary>
    Tensor Start(TileStreams streams, int attempt);

    /// <summary>Climbs; false, and the position as it was, where there is no slope to climb.</summary>
    /// <param name="position">Changed in place.</param>
    /// <param name="filter">Which filter.</param>
    /// <param name="streams">The tile's chance.</param>
    /// <param name="attempt">Which of the starts this is.</param>
    /// <param name="others">Textures of the filter's images so far, from which this one is to differ.</param>
    /// <param name="cancel">Heeded before each step.</param>
    bool Maximize(Tensor position, int filter, TileStreams streams, int attempt, IReadOnlyList<Tensor> others, CancellationToken cancel);

    /// <summary>The image of a position, <c>[1,C,H,W]</c>, RGB, 0–1.</summary>
    Tensor Show(Tensor position);

    /// <summary>A gradient that is neither zero everywhere nor overflowing.</summary>
    static bool IsSlope(Tensor gradient)
    {
        using var steepest = gradient.abs().amax();
        return steepest.item<float>() is > 0 and < float.PositiveInfinity;
    }
}
