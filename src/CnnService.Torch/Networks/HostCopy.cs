using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Copies from host memory to a device without waiting for it: to a GPU through page-locked memory, from which the copy takes its place in
/// the queue of operations. A copy from ordinary memory would wait until everything queued before it is done.
/// </summary>
internal static class HostCopy
{
    /// <summary>The same values on the device, a new tensor.</summary>
    /// <param name="host">On the processor; may be disposed or overwritten once this returns.</param>
    /// <param name="device">Where the copy is to be.</param>
    internal static Tensor ToDevice(Tensor host, Device device)
    {
        if (device.type == DeviceType.CUDA)
        {
            using var locked = host.pin_memory(); // libtorch reuses the memory only when the copy is done.
            return locked.to(device, non_blocking: true);
        }

        using var own = host.clone(); // A device may read the memory later.
        return own.to(device);
    }
}
