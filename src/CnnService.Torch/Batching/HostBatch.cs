using System.Buffers;

namespace CnnService.Torch.Batching;

/// <summary>One batch in host memory, uint8 <c>[N,H,W,C]</c> in a pooled array; disposing returns the array to the pool.</summary>
/// <param name="Pixels">Rented, so possibly longer than N·H·W·C.</param>
/// <param name="Labels">Class indices, length N.</param>
/// <param name="Indices">Index of each image in its source, length N.</param>
internal sealed record HostBatch(byte[] Pixels, long[] Labels, int[] Indices) : IDisposable
{
    internal int Count => Labels.Length;

    public void Dispose() => ArrayPool<byte>.Shared.Return(Pixels);
}
