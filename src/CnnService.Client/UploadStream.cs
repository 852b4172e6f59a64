namespace CnnService.Client;

/// <summary>A stream that tells how much of it has been read. Leaves the stream beneath open: it is the caller's.</summary>
internal sealed class UploadStream(Stream source, IProgress<UploadProgress>? progress) : Stream
{
    private readonly long? _total = source.CanSeek ? source.Length - source.Position : null;

    private long _sent;

    public override bool CanRead => true;

    public override bool CanSeek => source.CanSeek;

    public override bool CanWrite => false;

    public override long Length => source.Length;

    public override long Position
    {
        get => source.Position;
        set => source.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Tell(source.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Tell(source.Read(buffer));

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Tell(await source.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).ConfigureAwait(false));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Tell(await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public override long Seek(long offset, SeekOrigin origin) => source.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Tell(int read)
    {
        _sent += read;
        progress?.Report(new(_sent, _total));
        return read;
    }
}
