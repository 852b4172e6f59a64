using System.Buffers.Binary;

namespace CnnService.Benchmarks.Hostile;

/// <summary>Image files whose headers are broken: the same for the same seed and number.</summary>
internal sealed class ImageMutations(IReadOnlyList<byte[]> files, int seed)
{
    /// <summary>Most of what a header says stands in the first bytes; metadata of PNG and WebP files may stand in the last ones.</summary>
    private const int HeadBytes = 700;
    private const int TailBytes = 300;
    private const int MinFileBytes = 16;
    private const int MaxFileBytes = 200_000;

    /// <summary>Lengths and offsets that parsers stumble over.</summary>
    private static readonly uint[] Limits =
        [0, 1, 2, 7, 8, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, uint.MaxValue];

    /// <summary>A file without a fault.</summary>
    public byte[] Whole => files[0];

    /// <param name="folder">Its image files are the ones that are mutated; those of more than 200 KB are left out.</param>
    /// <param name="seed">Of all that is chosen.</param>
    public static ImageMutations Read(string folder, int seed)
    {
        byte[][] files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(path => Path.GetExtension(path) is ".jpg" or ".png" or ".webp" or ".gif" or ".bmp")
                .Select(File.ReadAllBytes).Where(file => file.Length is > 100 and < MaxFileBytes),
        ];
        var whole = files.First(file => file is [0xFF, 0xD8, .., 0xFF, 0xD9]);
        return new([whole, .. files.SelectMany(file => new[] { file, WithMetadata(file) })], seed);
    }

    public byte[] Make(int number)
    {
        var chance = new Chance(seed, number);
        var file = chance.Pick(files).ToArray();
        for (var left = 1 + chance.Below(6); left > 0 && file.Length > MinFileBytes; left--)
        {
            file = Mutated(file, chance);
        }

        return file;
    }

    private static byte[] Mutated(byte[] file, Chance chance)
    {
        var at = chance.Below(4) == 0
            ? Math.Max(3, file.Length - 1 - chance.Below(Math.Min(TailBytes, file.Length - 4)))
            : 3 + chance.Below(Math.Min(HeadBytes, file.Length - 4));
        switch (chance.Below(6))
        {
            case 0:
                file[at] = (byte)chance.Below(256);
                return file;
            case 1:
                file[at] = 0xFF;
                return file;
            case 2 when at + 4 <= file.Length:
                var value = chance.Pick(Limits);
                BinaryPrimitives.WriteUInt32BigEndian(
                    file.AsSpan(at), chance.Below(2) == 0 ? value : BinaryPrimitives.ReverseEndianness(value));
                return file;
            case 3:
                return [.. file[..at], .. file[Math.Min(file.Length, at + 1 + chance.Below(16))..]];
            case 4:
                return [.. file[..at], .. file[Math.Max(0, at - chance.Below(64))..]];
            default:
                return chance.Below(4) == 0 ? file[..at] : [.. file[..at], (byte)chance.Below(256), .. file[at..]];
        }
    }

    /// <summary>The file with EXIF and XMP in front, where its format has a simple place for them; else unchanged.</summary>
    private static byte[] WithMetadata(byte[] file)
    {
        byte[] exif = [.. "Exif\0\0MM\0*\0\0\0\x8\0\x2\x1\x12\0\x4\0\0\0\x1\0\0\0\x6\x1\x1A\0\x5\0\0\0\x1\0\0\0\x26\0\0\0\0"u8];
        byte[] xmp = [.. "http://ns.adobe.com/xap/1.0/\0<rdf:Description tiff:Orientation=\"8\"/>"u8];
        return file is [0xFF, 0xD8, ..]
            ? [.. file[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, 0xFF, 0xE1, 0, (byte)(xmp.Length + 2), .. xmp, .. file[2..]]
            : file is [0x89, (byte)'P', ..]
                ? [.. file[..33], 0, 0, 0, (byte)(exif.Length - 6), .. "eXIf"u8, .. exif[6..], 0, 0, 0, 0, .. file[33..]]
                : file;
    }
}
