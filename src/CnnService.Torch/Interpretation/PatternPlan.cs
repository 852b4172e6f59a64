using CnnService.Core.Architecture;
using CnnService.Core.Interpretation;

namespace CnnService.Torch.Interpretation;

/// <summary>A request with its open values filled in.</summary>
/// <param name="Layer">Whose filters are drawn.</param>
/// <param name="Size">Of the pictures.</param>
/// <param name="Iterations">Steps of an ascent.</param>
/// <param name="Response">What is made large, and judged.</param>
internal sealed record PatternPlan(ResolvedLayer Layer, Size2 Size, int Iterations, FilterResponse Response)
{
    private const int LeastIterations = 16;
    private const int MostIterations = 2048;
    private const int ManyIterations = 256;
    private const int UsualIterations = 128;

    /// <summary>Layers that see less than this are cheap, and need more steps to leave flat colours behind.</summary>
    private const int SmallField = 8;

    /// <exception cref="ArgumentException">The layer is not the network's, or a value is out of the range of <see cref="PatternRequest"/>.</exception>
    internal static PatternPlan Of(ResolvedNetwork network, PatternRequest request)
    {
        var layer = network.Find(request.Layer)
            ?? throw new ArgumentException($"The network has no layer '{request.Layer}'.", nameof(request));
        ArgumentOutOfRangeException.ThrowIfNegative(request.Seed);
        var iterations = request.Iterations ?? UsualFor(layer, request.Recipe);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, LeastIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MostIterations);
        return new(layer, PictureSize.Of(network, layer, request.Size), iterations, new(network, layer, request));
    }

    private static int UsualFor(ResolvedLayer layer, PatternRecipe recipe) =>
        recipe == PatternRecipe.Quick ? PatternRequest.QuickIterations
        : recipe == PatternRecipe.Article ? PatternRequest.ArticleIterations
        : layer.Field is { } field && Math.Max(field.Size.Height, field.Size.Width) < SmallField ? ManyIterations : UsualIterations;
}
