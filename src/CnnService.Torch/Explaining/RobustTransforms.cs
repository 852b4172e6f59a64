using CnnService.Core.Common;
using static TorchSharp.torch;

namespace CnnService.Torch.Explaining;

/// <summary>
/// Moves the picture a little before every step, so that what survives excites the filter wherever it stands: turned by up
/// to 10 degrees, scaled by up to a tenth, shifted by up to 6 pixels, in one interpolation, on a grey ground and in its own size.
/// </summary>
internal static class RobustTransforms
{
    private const int MostDegrees = 10;
    private const int ExtraUpright = 5;
    private const int ScaleSteps = 5;
    private const double ScaleStep = 0.02;
    private const int MostShift = 6;

    /// <summary>Pictures under 96 pixels are shifted by no more than this part of their side.</summary>
    private const int LeastSidesPerShift = 16;

    private const double Ground = 0.5;

    /// <summary>A transform by chance, as the 2x3 matrix of <c>affine_grid</c>, rows first.</summary>
    /// <param name="random">The step's stream.</param>
    /// <param name="height">Of the picture, in pixels.</param>
    /// <param name="width">Of the picture, in pixels.</param>
    internal static double[] Draw(CounterRandom random, long height, long width)
    {
        var turn = random.NextInt32((2 * MostDegrees) + 1 + ExtraUpright) - MostDegrees;
        var degrees = turn > MostDegrees ? 0 : turn;
        var scale = 1 + (ScaleStep * (random.NextInt32((2 * ScaleSteps) + 1) - ScaleSteps));
        var down = Shift(ref random, height);
        var right = Shift(ref random, width);
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var aspect = (double)height / width;
        return
        [
            cos / scale, -sin * aspect / scale, 2.0 * right / width,
            sin / (aspect * scale), cos / scale, 2.0 * down / height,
        ];
    }

    /// <param name="picture"><c>[1,C,H,W]</c>, 0–1.</param>
    /// <param name="matrix">Of <see cref="Draw"/>.</param>
    internal static Tensor Apply(Tensor picture, double[] matrix)
    {
        using var scope = NewDisposeScope();
        var theta = tensor(matrix, [1, 2, 3], picture.dtype, picture.device);
        var grid = nn.functional.affine_grid(theta, picture.shape, align_corners: false);
        var moved = nn.functional.grid_sample(picture.sub(Ground), grid, align_corners: false);
        return moved.add(Ground).MoveToOuterDisposeScope();
    }

    private static int Shift(ref CounterRandom random, long side)
    {
        var most = (int)Math.Min(MostShift, side / LeastSidesPerShift);
        return random.NextInt32((2 * most) + 1) - most;
    }
}
