using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Random transforms before each step, so that the result excites the filter at any position: rotation by up to 10 degrees, scaling by up
/// to 10 %, shift by up to 6 pixels (7 % of the side for class images), in one bilinear resampling over a grey background.
/// </summary>
internal static class RobustTransforms
{
    private const int MaxDegrees = 10;
    private const int ExtraUpright = 5;
    private const int ScaleSteps = 5;
    private const double ScaleStep = 0.02;
    private const int MaxShift = 6;

    /// <summary>Limits the shift of images under 96 pixels to 1/16 of their side.</summary>
    private const int MinSidesPerShift = 16;

    /// <summary>
    /// Largest shift of class images as a share of the side, 16 of 224 pixels: an object may stand anywhere for its class.
    /// </summary>
    private const double ShareOfClass = 0.07;

    private const double Grey = 0.5;

    /// <summary>Draws a random transform as the 2x3 matrix of <c>affine_grid</c>, row by row.</summary>
    /// <param name="random">Random stream of the step.</param>
    /// <param name="size">Size of the network's input in pixels.</param>
    /// <param name="canvas">Size of the image to sample from, centred on the same point.</param>
    /// <param name="kind">The transforms to apply.</param>
    /// <param name="isClass">True for class images, false for filters.</param>
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
    /// <param name="matrix">As <see cref="Draw"/> returned it.</param>
    /// <param name="size">Size of the result in pixels.</param>
    internal static Tensor Apply(Tensor canvas, double[] matrix, Size2 size)
    {
        using var scope = NewDisposeScope();
        var theta = tensor(matrix, [1, 2, 3], canvas.dtype, device: CPU);
        var places = nn.functional.affine_grid(theta, [1, canvas.shape[1], size.Height, size.Width], align_corners: false);
        var grid = canvas.device_type == TorchSharp.DeviceType.CPU ? places : HostCopy.ToDevice(places, canvas.device);
        var moved = nn.functional.grid_sample(canvas.sub(OwnedScalars.Create(Grey)), grid, align_corners: false);
        return moved.add(OwnedScalars.Create(Grey), OwnedScalars.One).MoveToOuterDisposeScope();
    }

    private static int Shift(ref CounterRandom random, int side, bool isClass)
    {
        var bound = isClass ? (int)Math.Round(ShareOfClass * side) : Math.Min(MaxShift, side / MinSidesPerShift);
        return random.NextInt32((2 * bound) + 1) - bound;
    }
}
