using CnnService.Core.Architecture;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Max and average pooling for any padding: padded cells never are the maximum, and count in an average only as the layer says.
/// </summary>
internal static class Pooling
{
    internal static Tensor Max(Tensor x, MaxPooling2dLayer pool)
    {
        var padding = pool.ResolvePadding(SizeOf(x));
        if (IsBuiltIn(padding, pool.PoolSize))
        {
            return nn.functional.max_pool2d(x, Pair(pool.PoolSize), Pair(pool.EffectiveStrides), [padding.Top, padding.Left]);
        }

        using var padded = Fill(x, padding, double.NegativeInfinity);
        return nn.functional.max_pool2d(padded, Pair(pool.PoolSize), Pair(pool.EffectiveStrides));
    }

    internal static Tensor Average(Tensor x, AveragePooling2dLayer pool)
    {
        var padding = pool.ResolvePadding(SizeOf(x));
        var written = pool.Padding.Resolve(SizeOf(x), pool.PoolSize, pool.EffectiveStrides, new(1, 1));
        if (IsBuiltIn(padding, pool.PoolSize) && padding == written)
        {
            return nn.functional.avg_pool2d(
                x, Pair(pool.PoolSize), Pair(pool.EffectiveStrides), [padding.Top, padding.Left], count_include_pad: pool.CountIncludePad);
        }

        // Sum over the window's cells divided by the number of cells that count.
        using var scope = NewDisposeScope();
        var sums = nn.functional.avg_pool2d(Fill(x, padding, 0), Pair(pool.PoolSize), Pair(pool.EffectiveStrides));
        var counted = Fill(ones([1, 1, x.shape[2], x.shape[3]], x.dtype, device: x.device), written, pool.CountIncludePad ? 1 : 0);
        var lacking = Padding2.Explicit(0, 0, padding.Bottom - written.Bottom, padding.Right - written.Right);
        var shares = nn.functional.avg_pool2d(Fill(counted, lacking, 0), Pair(pool.PoolSize), Pair(pool.EffectiveStrides));
        return sums.div(shares).MoveToOuterDisposeScope();
    }

    /// <summary>Height and width; "same" padding depends on the actual feature map, which may differ from the network's own size.</summary>
    internal static Size2 SizeOf(Tensor x) => new((int)x.shape[2], (int)x.shape[3]);

    internal static Tensor Pad(Tensor x, Padding2 padding, PaddingMode mode) => mode == PaddingMode.Zeros
        ? Fill(x, padding, 0)
        : nn.functional.pad(
            x,
            [padding.Left, padding.Right, padding.Top, padding.Bottom],
            mode == PaddingMode.Edge ? PaddingModes.Replicate : PaddingModes.Reflect);

    private static Tensor Fill(Tensor x, Padding2 padding, double value) => nn.functional.pad(
        x, [padding.Left, padding.Right, padding.Top, padding.Bottom], PaddingModes.Constant, value);

    /// <summary>libtorch supports only symmetric padding of at most half the window.</summary>
    private static bool IsBuiltIn(Padding2 padding, Size2 window) =>
        padding.IsSymmetric && 2 * padding.Top <= window.Height && 2 * padding.Left <= window.Width;

    private static long[] Pair(Size2 size) => [size.Height, size.Width];
}
