using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Gram matrices, which describe texture by which filters fire together regardless of position (Gatys, Ecker and Bethge, 2015).
/// </summary>
internal static class Gram
{
    private const double MinLength = 1e-12;

    /// <summary>The Gram matrix of the rectified maps, flattened to <c>[C·C]</c> and normalized to length 1.</summary>
    /// <param name="maps"><c>[1,C,H,W]</c> or <c>[1,C]</c>.</param>
    internal static Tensor Compute(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var rows = maps.relu().flatten(0, 1).view(maps.shape[1], -1);
        var products = rows.mm(rows.t()).flatten();
        var length = products.mul(products).sum().sqrt().clamp(OwnedScalars.Create(MinLength));
        return products.div(length).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of the cosine similarities to other normalized Gram matrices, a scalar.</summary>
    internal static Tensor Similarity(Tensor gram, IReadOnlyList<Tensor> others)
    {
        using var scope = NewDisposeScope();
        return others.Select(other => gram.mul(other).sum()).Aggregate((sum, cosine) => sum.add(cosine, OwnedScalars.One))
            .MoveToOuterDisposeScope();
    }
}
