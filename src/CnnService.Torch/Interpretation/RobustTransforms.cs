using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Moves the image a little before every step, so that what survives excites the filter wherever it stands: turned by up
/// to 10 degrees, scaled by up to a tenth, shifted by up to 6 pixels (a class image by 7 % of its side), in one interpolation, on a grey
/// ground and in its own size.
/// </summary>
internal static class RobustTransforms
{
    private const int MaxDegrees = 10;
    private const int ExtraUpright = 5;
    private const int ScaleSteps = 5;
    private const double ScaleStep = 0.02;
    private const int MaxShift = 6;

    /// <summary>Images under 96 pixels are shifted by no more than this part of their side.</summary>
    private const int MinSidesPerShift = 16;

    /// <summary>Of a class image's side, which its logit may stand at any place of: 16 of 224 pixels.</summary>
    private const double ShareOfClass = 0.07;

    private const double Ground = 0.5;

    /// <summary>A transform by chance, as the 2x3 matrix of <c>affine_grid</c>, rows first.</summary>
    /// <param name="random">The step's stream.</param>
    /// <param name="size">What the network sees.</param>
    /// <param name="canvas">What it is taken from, the middles on each other.</param>
    /// <param name="kind">Which moves there are.</param>
    /// <param name="isClass">It is a class's image, not a filter's.</param>
    internal static double[] Draw(
        CounterRandom random, Size2 size, Size2 canvas, PatternTransforms kind = PatternTransforms.Robust, bool isClass = false)
    {
        var turn = random.NextInt32((2 * MaxDegrees) + 1 + ExtraUpright) - MaxDegrees;
        var isRobust = kind == PatternTransforms.Robust;
        var degrees = turn > MaxDegrees || !isRobust ? 0 : turn;
        var scale = 1 + ((isRobust ? 1 : 0) * ScaleStep * (random.NextInt32((2 * ScaleSteps) + 1) - ScaleSteps));
        var down = kind == PatternTransforms.None ? 0 : Shift(ref random, size.Height, isClass);
        var right = kind == PatternTransforms.None ? 0 : Shift(ref random, size.Width, isClass);
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var (alongX, alongY) = (scale * canvas.Width, scale * canvas.Height);
        return
        [
            cos * size.Width / alongX, -sin * size.Height / alongX, 2.0 * right / canvas.Width,
            sin * size.Width / alongY, cos * size.Height / alongY, 2.0 * down / canvas.Height,
        ];
    }

    /// <param name="canvas"><c>[1,C,H,W]</c>, 0–1.</param>
    /// <param name="matrix">Of <see cref="Draw"/>.</param>
    /// <param name="size">What the network sees.</param>
    internal static Tensor Apply(Tensor canvas, double[] matrix, Size2 size)
    {
        using var scope = NewDisposeScope();
        var theta = tensor(matrix, [1, 2, 3], canvas.dtype, device: canvas.device);
        var grid = nn.functional.affine_grid(theta, [1, canvas.shape[1], size.Height, size.Width], align_corners: false);
        var moved = nn.functional.grid_sample(canvas.sub(OwnedScalars.Create(Ground)), grid, align_corners: false);
        return moved.add(OwnedScalars.Create(Ground), OwnedScalars.One).MoveToOuterDisposeScope();
    }

    private static int Shift(ref CounterRandom random, int side, bool isClass)
    {
        var most = isClass ? (int)Math.Round(ShareOfClass * side) : Math.Min(MaxShift, side / MinSidesPerShift);
        return random.NextInt32((2 * most) + 1) - most;
    }
}
