namespace CnnService.Imaging.Codec;

/// <summary>Tells a picture's format by its first bytes; names and claims do not count.</summary>
internal static class ImageFormat
{
    /// <summary>The media type, or null for anything that is not read here.</summary>
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
    /// True for a JPEG without an end marker after its last scan. Decoders make up the end and tell nothing, so the file is asked;
    /// inside a scan 0xFF is always followed by 0 or a restart marker, so neither pattern can stand there by chance.
    /// </summary>
    public static bool IsTruncatedJpeg(ReadOnlySpan<byte> file) =>
        file is [0xFF, 0xD8, ..] && file.LastIndexOf([(byte)0xFF, (byte)0xD9]) < file.LastIndexOf([(byte)0xFF, (byte)0xDA]);
}
