using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation;

/// <summary>How large the image of a layer's pattern is.</summary>
internal static class PatternSize
{
    private const int MinDefault = 64;
    private const double FieldsPerSide = 1.5;

    /// <summary>
    /// Where a flatten layer lies on the way the image has the network's own size; else it is a square of the wanted side,
    /// or, where that leaves the layer no cells (or too many), of the default one.
    /// </summary>
    /// <param name="network">The whole.</param>
    /// <param name="layer">Whose pattern it is.</param>
    /// <param name="wanted">In pixels, within the range of <see cref="PatternRequest"/>; null: the default.</param>
    public static Size2 Of(ResolvedNetwork network, ResolvedLayer layer, int? wanted)
    {
        var input = new Size2(network.Spec.Input.Height, network.Spec.Input.Width);
        var order = ExecutionOrder.To(network, layer).Layers;
        if (order.Any(step => step.Spec is FlattenLayer))
        {
            return input;
        }

        var ordinary = Default(input, layer);
        int[] sides = wanted is { } side ? [side, ordinary] : [ordinary];
        var fitting = Array.Find(sides, side => Fits(network, order, side));
        return fitting > 0 ? new(fitting, fitting) : input;
    }

    private static int Default(Size2 input, ResolvedLayer layer)
    {
        var field = layer.Field is { } seen ? (int)Math.Ceiling(FieldsPerSide * Math.Max(seen.Size.Height, seen.Size.Width)) : 0;
        return Math.Max(Math.Max(input.Height, input.Width), Math.Clamp(field, MinDefault, PatternRequest.MaxSize));
    }

    /// <summary>The layers on the way are a sound network at this size.</summary>
    private static bool Fits(ResolvedNetwork network, IReadOnlyList<ResolvedLayer> order, int side)
    {
        List<LayerSpec> layers = [.. order.Select(step => step.Spec with { Inputs = step.Inputs })];
        var spec = new NetworkSpec(network.Spec.Input with { Height = side, Width = side }, layers);
        return NetworkSpecValidator.Resolve(spec, NetworkSpecValidator.NoClasses, new ValidationErrors()) is not null;
    }
}
