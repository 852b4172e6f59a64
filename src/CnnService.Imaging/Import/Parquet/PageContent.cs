using System.IO.Compression;
using ZstdSharp;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>Decompresses pages.</summary>
internal static class PageContent
{
    /// <param name="codec">How the page is compressed.</param>
    /// <param name="packed">Its bytes in the file.</param>
    /// <param name="unpacked">The size that its header says, already held to a limit.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of another size.</exception>
    public static byte[] Unpack(ParquetCodec codec, byte[] packed, int unpacked)
    {
        if (codec == ParquetCodec.Uncompressed)
        {
            return packed.Length == unpacked ? packed : throw Damaged(codec);
        }

        var content = new byte[unpacked];
        switch (codec)
        {
            case ParquetCodec.Snappy:
                SnappyBlock.Decompress(packed, content);
                break;
            case ParquetCodec.Gzip:
                Fill(content, new GZipStream(new MemoryStream(packed), CompressionMode.Decompress), codec);
                break;
            case ParquetCodec.Brotli:
                Fill(content, new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress), codec);
                break;
            case ParquetCodec.Zstd:
                UnpackZstandard(packed, content);
                break;
            default:
                throw new InvalidDataException(
                    $"the Parquet file is compressed with {codec}, which is not read: write it with snappy, gzip, brotli or zstd");
        }

        return content;
    }

    private static void Fill(byte[] content, Stream stream, ParquetCodec codec)
    {
        using (stream)
        {
            try
            {
                if (stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length || stream.ReadByte() >= 0)
                {
                    throw Damaged(codec);
                }
            }
            catch (InvalidOperationException damaged) // What BrotliStream throws for data that are none of its own.
            {
                throw new InvalidDataException(Damaged(codec).Message, damaged);
            }
        }
    }

    private static void UnpackZstandard(byte[] packed, byte[] content)
    {
        using var zstandard = new ZstdSharp.Decompressor();
        try
        {
            if (zstandard.Unwrap(packed, content) != content.Length)
            {
                throw Damaged(ParquetCodec.Zstd);
            }
        }
        catch (ZstdException)
        {
            throw Damaged(ParquetCodec.Zstd);
        }
    }

    private static InvalidDataException Damaged(ParquetCodec codec) =>
        ThriftReader.Damaged($"a page compressed with {codec} cannot be read, or has another size than it says");
}
