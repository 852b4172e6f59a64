namespace CnnService.Core.Common;

/// <summary>The memory of this host's GPUs, as the driver tells it. Thread safe.</summary>
public interface IGpuMemory
{
    /// <summary>All memory of a GPU in bytes, used or not; 0 if there is no such GPU, or the driver does not tell.</summary>
    /// <param name="index">As the driver counts, from 0.</param>
    long TotalBytes(int index);
}
