using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// The memory order of pictures and kernels: shape <c>[N,C,H,W]</c>, channels next to each other, which libtorch's convolutions
/// on the processor run about twice as fast. Strides decide; TorchSharp has no argument for it.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>The same values; a copy only where the strides differ.</summary>
    internal static Tensor Of(Tensor tensor)
    {
        using var rows = tensor.permute(0, 2, 3, 1);
        using var packed = rows.contiguous();
        return packed.permute(0, 3, 1, 2);
    }
}
