using System.IO.Compression;

namespace CnnService.Imaging.Codec.Markers;

/// <summary>The text chunks of a PNG file: a keyword, a zero, then the text, which may be compressed.</summary>
internal static class PngText
{
    /// <summary>Text beyond it is not read, so that a chunk that inflates to gigabytes costs no more than this.</summary>
    private const int MaxBytes = 1 << 20;

    public static ReadOnlySpan<byte> ExifProfile => "Raw profile type exif"u8;

    public static ReadOnlySpan<byte> Xmp => "XML:com.adobe.xmp"u8;

    /// <summary>Empty for chunks that hold no text.</summary>
    public static ReadOnlySpan<byte> Keyword(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> body) =>
        chunk.SequenceEqual("tEXt"u8) || chunk.SequenceEqual("zTXt"u8) || chunk.SequenceEqual("iTXt"u8)
            ? body[..Math.Max(0, body.IndexOf((byte)0))]
            : default;

    /// <summary>The text of a chunk whose keyword was found; empty where there is no chunk, or where it cannot be unpacked.</summary>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> body)
    {
        var rest = body[(body.IndexOf((byte)0) + 1)..];
        return chunk switch
        {
            [(byte)'t', ..] => Head(rest),
            [(byte)'z', ..] when rest is [0, ..] => Inflate(rest[1..]),
            [(byte)'i', ..] when rest is [0, _, ..] => Head(AfterLanguage(rest[2..])),
            [(byte)'i', ..] when rest is [1, 0, ..] => Inflate(AfterLanguage(rest[2..])),
            _ => default,
        };
    }

    private static ReadOnlySpan<byte> Head(ReadOnlySpan<byte> text) => text[..Math.Min(text.Length, MaxBytes)];

    /// <summary>Steps over the language and the translated keyword, each ended by a zero.</summary>
    private static ReadOnlySpan<byte> AfterLanguage(ReadOnlySpan<byte> rest)
    {
        var language = rest.IndexOf((byte)0);
        rest = language < 0 ? default : rest[(language + 1)..];
        var keyword = rest.IndexOf((byte)0);
        return keyword < 0 ? default : rest[(keyword + 1)..];
    }

    private static ReadOnlySpan<byte> Inflate(ReadOnlySpan<byte> packed)
    {
        using var text = new MemoryStream();
        var buffer = new byte[1 << 14];
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            for (int read; text.Length < MaxBytes && (read = stream.Read(buffer)) > 0;)
            {
                text.Write(buffer, 0, read);
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            return default; // Metadata that cannot be unpacked says nothing; the pixels are decoded without it.
        }

        return text.ToArray();
    }
}
