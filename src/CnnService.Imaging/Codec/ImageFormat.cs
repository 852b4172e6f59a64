namespace CnnService.Imaging.Codec;

/// <summary>Detects an image's format by its first bytes; file names and declared media types are ignored.</summary>
internal static class ImageFormat
{
    /// <summary>The media type; null for formats that are not supported.</summary>
    public static string? MediaTypeOf(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => null,
    };

    /// <summary>
    /// True for a JPEG without an end marker after its last scan. Decoders silently supply a missing end, so the file itself is checked;
    /// inside a
    /// scan 0xFF is always followed by 0 or a restart marker, so neither marker can occur there by chance.
    /// </summary>
    public static bool IsTruncatedJpeg(ReadOnlySpan<byte> file) =>
        file is [0xFF, 0xD8, ..] && file.LastIndexOf([(byte)0xFF, (byte)0xD9]) < file.LastIndexOf([(byte)0xFF, (byte)0xDA]);
}
