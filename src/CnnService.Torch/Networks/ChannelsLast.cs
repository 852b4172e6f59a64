using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// The channels-last memory format of feature maps and kernels: shape <c>[N,C,H,W]</c>, values of one pixel adjacent. libtorch's CPU
/// convolutions are about twice as fast with it. It follows from the strides alone; TorchSharp has no <c>memory_format</c>.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>The same values in channels-last order; copies only if the strides differ. The result is the caller's.</summary>
    internal static Tensor Convert(Tensor tensor)
    {
        using var rows = tensor.permute(0, 2, 3, 1);
        using var packed = rows.contiguous();
        return packed.permute(0, 3, 1, 2);
    }
}
