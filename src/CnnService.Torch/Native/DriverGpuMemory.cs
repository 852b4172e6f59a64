using CnnService.Core.Common;

namespace CnnService.Torch.Native;

/// <inheritdoc cref="IGpuMemory"/>
internal sealed class DriverGpuMemory : IGpuMemory
{
    public long TotalBytes(int index) => CudaDriver.TotalBytes(index).Match(bytes => bytes, _ => 0);
}
