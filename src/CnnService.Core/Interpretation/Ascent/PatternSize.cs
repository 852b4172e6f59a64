using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Chooses the size of a layer's patterns.</summary>
internal static class PatternSize
{
    private const int MinDefault = 64;
    private const double FieldsPerSide = 1.5;

    /// <summary>
    /// The network's own input size if a flatten layer fixes it, and for classes behind a softmax; else a square of the requested side or,
    /// if a layer on the way does not accept that size, of the default side.
    /// </summary>
    /// <param name="own">The network's input.</param>
    /// <param name="path">The layers up to that of the patterns.</param>
    /// <param name="wanted">Side in pixels, within the range of <see cref="PatternRequest"/>; null for the default.</param>
    public static Size2 Choose(InputSpec own, ExecutionOrder path, int? wanted)
    {
        var input = new Size2(own.Height, own.Width);
        if (path.Layers.Any(step => step.Spec is FlattenLayer or LayerNormalizationLayer { Elementwise: true })
            || ResolvedNetwork.DeclaredActivation(path.End.Spec) == ActivationKind.Softmax)
        {
            return input;
        }

        var ordinary = Default(input, path.End);
        int[] sides = wanted is { } side ? [side, ordinary] : [ordinary];
        var fitting = Array.Find(sides, side => path.Accepts(TensorShape.Map(own.Channels, side, side)));
        return fitting > 0 ? new(fitting, fitting) : input;
    }

    private static int Default(Size2 input, ResolvedLayer layer)
    {
        var field = layer.Field is { } seen ? (int)Math.Ceiling(FieldsPerSide * Math.Max(seen.Size.Height, seen.Size.Width)) : 0;
        return Math.Max(Math.Max(input.Height, input.Width), Math.Clamp(field, MinDefault, PatternRequest.MaxSize));
    }
}
