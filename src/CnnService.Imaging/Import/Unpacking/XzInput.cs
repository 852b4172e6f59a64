namespace CnnService.Imaging.Import.Unpacking;

/// <summary>The compressed bytes of an xz file. The end of the file where more is due is an exception, never a zero.</summary>
internal sealed class XzInput(Stream stream) : IDisposable
{
    private readonly BufferedStream _stream = new(stream, 1 << 16);

    /// <summary>Number of bytes read so far.</summary>
    public long Position { get; private set; }

    /// <exception cref="EndOfStreamException">There are no more bytes.</exception>
    public byte Byte()
    {
        var value = _stream.ReadByte();
        Position++;
        return value >= 0 ? (byte)value : throw new EndOfStreamException();
    }

    /// <summary>The next byte, or null at the end.</summary>
    public byte? TryByte()
    {
        var value = _stream.ReadByte();
        Position += value >= 0 ? 1 : 0;
        return value >= 0 ? (byte)value : null;
    }

    /// <exception cref="EndOfStreamException">There are not so many bytes.</exception>
    public void Exactly(Span<byte> target)
    {
        _stream.ReadExactly(target);
        Position += target.Length;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
