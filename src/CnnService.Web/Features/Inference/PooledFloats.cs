using System.Buffers;
using System.Runtime.InteropServices;

namespace CnnService.Web.Features.Inference;

/// <summary>
/// Pooled float32 values that can be filled as bytes. Little endian, as are the protocol's tensors and the supported processors.
/// </summary>
internal sealed class PooledFloats(int count) : MemoryManager<byte>
{
    private float[]? _rented = ArrayPool<float>.Shared.Rent(count);

    public Memory<float> Values => Rented.AsMemory(0, count);

    public Memory<byte> Bytes => CreateMemory(count * sizeof(float));

    private float[] Rented => _rented ?? throw new ObjectDisposedException(nameof(PooledFloats));

    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(Rented.AsSpan(0, count));

    /// <summary>Not supported: the server copies into the memory and never pins it.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() => throw new NotSupportedException();

    public void Dispose() => Dispose(disposing: true);

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
