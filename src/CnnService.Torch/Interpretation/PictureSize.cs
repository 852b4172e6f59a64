using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Torch.Networks;

namespace CnnService.Torch.Interpretation;

/// <summary>How large the picture of a layer's pattern is.</summary>
internal static class PictureSize
{
    private const int Least = 32;
    private const int Most = 512;
    private const int LeastUsual = 64;
    private const double FieldsPerSide = 1.5;

    /// <summary>
    /// Where a flatten layer lies on the way the picture has the network's own size; else it is a square of the wanted side,
    /// or, where that leaves the layer no cells (or too many), of the usual one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The wanted side is not within 32 to 512.</exception>
    internal static Size2 Of(ResolvedNetwork network, ResolvedLayer layer, int? wanted)
    {
        if (wanted is { } asked)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, Least, nameof(wanted));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(asked, Most, nameof(wanted));
        }

        var input = new Size2(network.Spec.Input.Height, network.Spec.Input.Width);
        var route = Route.To(network, layer);
        if (route.Exists(step => step.Spec is FlattenLayer))
        {
            return input;
        }

        var usual = Usual(input, layer);
        int[] sides = wanted is { } side ? [side, usual] : [usual];
        var fitting = Array.Find(sides, side => Fits(network, route, side));
        return fitting > 0 ? new(fitting, fitting) : input;
    }

    private static int Usual(Size2 input, ResolvedLayer layer)
    {
        var field = layer.Field is { } seen ? (int)Math.Ceiling(FieldsPerSide * Math.Max(seen.Size.Height, seen.Size.Width)) : 0;
        return Math.Max(Math.Max(input.Height, input.Width), Math.Clamp(field, LeastUsual, Most));
    }

    /// <summary>The layers on the way are a sound network at this size.</summary>
    private static bool Fits(ResolvedNetwork network, List<ResolvedLayer> route, int side)
    {
        List<LayerSpec> layers = [.. route.Select(step => step.Spec with { Inputs = step.Inputs })];
        var spec = new NetworkSpec(network.Spec.Input with { Height = side, Width = side }, layers);
        return NetworkSpecValidator.Resolve(spec, NetworkSpecValidator.NoClasses, new ValidationErrors()) is not null;
    }
}
