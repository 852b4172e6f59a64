using System.Buffers;

namespace CnnService.Torch.Batching;

/// <summary>Pictures of one step in the host's memory, in a rented buffer, <c>[N,H,W,C]</c>, bytes 0–255; dispose to give the buffer back.</summary>
/// <param name="Pixels">At least as long as the pictures.</param>
/// <param name="Labels">One a picture.</param>
/// <param name="Indices">Where each picture stands in its source.</param>
internal sealed record HostBatch(byte[] Pixels, long[] Labels, int[] Indices) : IDisposable
{
    internal int Count => Labels.Length;

    public void Dispose() => ArrayPool<byte>.Shared.Return(Pixels);
}
