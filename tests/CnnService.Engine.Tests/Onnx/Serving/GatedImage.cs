using System.Buffers;

namespace CnnService.Engine.Tests.Onnx.Serving;

/// <summary>An image that tells when its pixels are read, and may wait or throw then: it holds a network in mid-run.</summary>
internal sealed class GatedImage(byte[] pixels, Action? onRead = null) : MemoryManager<byte>
{
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;

    public ReadOnlyMemory<byte> Pixels => CreateMemory(pixels.Length);

    /// <summary>How often a network has taken it.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Ends when a network takes it for the first time.</summary>
    public Task FirstRead => _read.Task;

    public override Span<byte> GetSpan()
    {
        Interlocked.Increment(ref _reads);
        _read.TrySetResult();
        onRead?.Invoke();
        return pixels;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
    }
}
