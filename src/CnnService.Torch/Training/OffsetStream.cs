namespace CnnService.Torch.Training;

/// <summary>Read-only view of a seekable stream from an offset to its end. Does not own the stream.</summary>
internal sealed class OffsetStream(Stream file, long offset) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length - offset;

    public override long Position
    {
        get => file.Position - offset;
        set => file.Position = value + offset;
    }

    public override int Read(byte[] buffer, int start, int count) => file.Read(buffer, start, count);

    public override int Read(Span<byte> buffer) => file.Read(buffer);

    public override long Seek(long distance, SeekOrigin origin) =>
        file.Seek(origin == SeekOrigin.Begin ? distance + offset : distance, origin) - offset;

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int start, int count) => throw new NotSupportedException();
}
