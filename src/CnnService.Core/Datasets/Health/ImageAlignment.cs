using System.Numerics.Tensors;

namespace CnnService.Core.Datasets.Health;

/// <summary>
/// Whether two images are the same one, scaled, recompressed or cropped: the normalised correlation of their brightness where one of them
/// is laid over the best part of the other.
/// </summary>
internal static class ImageAlignment
{
    /// <summary>Pixels of the search; the decision is made at the full size.</summary>
    private const int SearchSide = 32;

    /// <summary>Below it a first look does not promise enough to go on.</summary>
    private const float Hopeless = 0.6f;

    /// <summary>A part smaller than it, of either side, is another image.</summary>
    private const float MinShare = 0.8f;

    /// <summary>Steps of the four edges, coarse to fine: shares of a side.</summary>
    private static readonly float[] Steps = [0.02f, 0.01f, 0.005f];

    /// <summary>The larger of the correlations of a part of one with the whole of the other, either way; -1 to 1.</summary>
    public static float Correlation(LumaSquare a, LumaSquare b) => Math.Max(BestPart(a, b), BestPart(b, a));

    private static float BestPart(LumaSquare image, LumaSquare part) =>
        new Search(image, Normalized(part, Window.Whole, LumaSquare.Side), LumaSquare.Side).Score(BestWindow(image, part));

    /// <summary>The part of an image that looks most like another one.</summary>
    private static Window BestWindow(LumaSquare image, LumaSquare part)
    {
        var search = new Search(image, Normalized(part, Window.Whole, SearchSide), SearchSide);
        var best = Window.Crops.Select(window => (Window: window, Score: search.Score(window))).MaxBy(one => one.Score);
        foreach (var step in best.Score < Hopeless ? [] : Steps)
        {
            best = Climb(search, best, step);
        }

        return best.Window;
    }

    /// <summary>Moves one edge at a time while it helps.</summary>
    private static (Window Window, float Score) Climb(Search search, (Window Window, float Score) from, float step)
    {
        for (var best = from; ; from = best)
        {
            foreach (var window in Neighbours(from.Window, step))
            {
                if (search.Score(window) is var score && score > best.Score)
                {
                    best = (window, score);
                }
            }

            if (best.Score <= from.Score)
            {
                return from;
            }
        }
    }

    private static IEnumerable<Window> Neighbours(Window at, float step) => new[] { -step, step }
        .SelectMany(move => new[]
        {
            at with { Left = at.Left + move }, at with { Right = at.Right + move },
            at with { Top = at.Top + move }, at with { Bottom = at.Bottom + move },
        })
        .Where(window => window is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 }
            && window.Right - window.Left >= MinShare && window.Bottom - window.Top >= MinShare);

    /// <summary>The values of a part with mean 0 and length 1; zeros for a part of one brightness.</summary>
    private static float[] Normalized(LumaSquare image, Window window, int side)
    {
        var values = new float[side * side];
        image.Resample(window, side, LumaSquare.Side / side, values);
        TensorPrimitives.Subtract(values, TensorPrimitives.Sum<float>(values) / values.Length, values);
        var length = TensorPrimitives.Norm<float>(values);
        TensorPrimitives.Multiply(values, length > 1e-3f ? 1 / length : 0, values);
        return values;
    }

    private readonly struct Search(LumaSquare image, float[] part, int side)
    {
        public float Score(Window window) => TensorPrimitives.Dot<float>(Normalized(image, window, side), part);
    }
}
