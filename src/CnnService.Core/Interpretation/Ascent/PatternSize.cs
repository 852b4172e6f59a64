using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Chooses the size of a layer's patterns.</summary>
internal static class PatternSize
{
    private const int MinDefault = 64;
    private const double FieldsPerSide = 1.5;

    /// <summary>
    /// The network's own input size if a flatten layer fixes it; else a square of the requested side or, if the network is invalid at that
    /// size, of the default side.
    /// </summary>
    /// <param name="network">The network of the layer.</param>
    /// <param name="layer">The layer of the patterns.</param>
    /// <param name="wanted">Side in pixels, within the range of <see cref="PatternRequest"/>; null for the default.</param>
    public static Size2 Choose(ResolvedNetwork network, ResolvedLayer layer, int? wanted)
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

    /// <summary>True if the layers up to the target form a valid network at this input size.</summary>
    private static bool Fits(ResolvedNetwork network, IReadOnlyList<ResolvedLayer> order, int side)
    {
        List<LayerSpec> layers = [.. order.Select(step => step.Spec with { Inputs = step.Inputs })];
        var spec = new NetworkSpec(network.Spec.Input with { Height = side, Width = side }, layers);
        return NetworkSpecValidator.Resolve(spec, NetworkSpecValidator.NoClasses, new ValidationErrors()) is not null;
    }
}
