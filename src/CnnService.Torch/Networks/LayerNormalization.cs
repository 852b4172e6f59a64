using CnnService.Core.Architecture;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Normalization by an image's own mean and variance; see <see cref="LayerNormalizationLayer"/>.</summary>
internal static class LayerNormalization
{
    /// <param name="x"><c>[N,C,H,W]</c> or <c>[N,C]</c>.</param>
    /// <param name="norm">The settings.</param>
    /// <param name="weights">The factors and offsets.</param>
    internal static Tensor Apply(Tensor x, LayerNormalizationLayer norm, LayerWeights weights)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = (weights.Cast("weight"), weights.Cast("bias"));
        if (norm.Groups is not { } groups)
        {
            return AtEachPlace(x, norm, weight, bias).MoveToOuterDisposeScope();
        }

        var isElementwise = weight.dim() > 1;
        var normal = isElementwise
            ? nn.functional.group_norm(x, groups, null, null, norm.Epsilon).mul(weight).add(bias, OwnedScalars.One)
            : nn.functional.group_norm(x, groups, weight, bias, norm.Epsilon);
        return (normal.dim() == 4 ? ChannelsLast.Convert(normal) : normal).MoveToOuterDisposeScope();
    }

    /// <summary>Over the channels, which lie side by side in memory.</summary>
    private static Tensor AtEachPlace(Tensor x, LayerNormalizationLayer norm, Tensor weight, Tensor bias)
    {
        var isMap = x.dim() == 4;
        var rows = isMap ? x.permute(0, 2, 3, 1) : x;
        var normal = nn.functional.layer_norm(rows, [rows.shape[^1]], weight, bias, norm.Epsilon);
        return isMap ? normal.permute(0, 3, 1, 2) : normal;
    }
}
