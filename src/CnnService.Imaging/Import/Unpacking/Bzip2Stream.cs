using ICSharpCode.SharpZipLib.BZip2;

namespace CnnService.Imaging.Import.Unpacking;

/// <summary>Reads bzip2 files, also those of several streams one behind the other, as parallel compressors write them.</summary>
internal sealed class Bzip2Stream(Stream file) : UnpackingStream
{
    private readonly PeekingStream _input = new(file);
    private readonly byte[] _buffer = new byte[1 << 16];
    private BZip2InputStream? _stream;
    private bool _isFirst = true;

    public override int Read(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (_stream is null && !Begin())
            {
                return 0;
            }

            var count = _stream!.Read(_buffer, 0, Math.Min(buffer.Length, _buffer.Length));
            if (count > 0)
            {
                _buffer.AsSpan(0, count).CopyTo(buffer);
                return count;
            }

            _stream = null;
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }

    private bool Begin()
    {
        if (!_isFirst && _input.IsAtEnd())
        {
            return false;
        }

        _isFirst = false;
        _stream = new BZip2InputStream(_input) { IsStreamOwner = false };
        return true;
    }

    /// <summary>Can tell whether there is more.</summary>
    private sealed class PeekingStream(Stream file) : UnpackingStream
    {
        private readonly BufferedStream _file = new(file, 1 << 16);
        private int? _next;

        public bool IsAtEnd() => (_next ??= _file.ReadByte()) < 0;

        public override int ReadByte()
        {
            var value = _next ?? _file.ReadByte();
            _next = null;
            return value;
        }

        public override int Read(Span<byte> buffer)
        {
            if (buffer.Length == 0 || ReadByte() is not (>= 0 and var value))
            {
                return 0;
            }

            buffer[0] = (byte)value;
            return 1;
        }
    }
}
