using CnnService.Core.Architecture;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Poolings in which padded cells neither win nor count, whatever the padding.</summary>
internal static class Pooling
{
    internal static Tensor Max(Tensor x, Size2 window, Size2 strides, Padding2 written)
    {
        var padding = written.Resolve(SizeOf(x), window, strides, new(1, 1));
        if (IsBuiltIn(padding, window))
        {
            return nn.functional.max_pool2d(x, Pair(window), Pair(strides), [padding.Top, padding.Left]);
        }

        using var padded = Pad(x, padding, double.NegativeInfinity);
        return nn.functional.max_pool2d(padded, Pair(window), Pair(strides));
    }

    internal static Tensor Average(Tensor x, Size2 window, Size2 strides, Padding2 written)
    {
        var padding = written.Resolve(SizeOf(x), window, strides, new(1, 1));
        if (IsBuiltIn(padding, window))
        {
            return nn.functional.avg_pool2d(x, Pair(window), Pair(strides), [padding.Top, padding.Left], count_include_pad: false);
        }

        // Sum over window cells divided by the number of those that lie in the picture.
        using var padded = Pad(x, padding, 0);
        using var sums = nn.functional.avg_pool2d(padded, Pair(window), Pair(strides));
        using var inside = ones([1, 1, x.shape[2], x.shape[3]], x.dtype, x.device);
        using var paddedInside = Pad(inside, padding, 0);
        using var shares = nn.functional.avg_pool2d(paddedInside, Pair(window), Pair(strides));
        return sums.div(shares);
    }

    /// <summary>Height and width; "same" padding follows the map at hand, which need not have the network's own size.</summary>
    internal static Size2 SizeOf(Tensor x) => new((int)x.shape[2], (int)x.shape[3]);

    internal static Tensor Pad(Tensor x, Padding2 padding, double value) => nn.functional.pad(
        x, [padding.Left, padding.Right, padding.Top, padding.Bottom], PaddingModes.Constant, value);

    /// <summary>libtorch's own padding is symmetric and at most half the window.</summary>
    private static bool IsBuiltIn(Padding2 padding, Size2 window) =>
        padding.IsSymmetric && 2 * padding.Top <= window.Height && 2 * padding.Left <= window.Width;

    private static long[] Pair(Size2 size) => [size.Height, size.Width];
}
