namespace CnnService.Studio.Browser;

/// <summary>Tells what a file is by its first bytes.</summary>
internal static class MediaTypes
{
    private static readonly (byte[] Start, string Type)[] Known =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "image/png"),
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        ([(byte)'G', (byte)'I', (byte)'F'], "image/gif"),
        ([(byte)'R', (byte)'I', (byte)'F', (byte)'F'], "image/webp"),
        ([(byte)'B', (byte)'M'], "image/bmp"),
        ([(byte)'<'], "image/svg+xml"),
    ];

    public static string Of(ReadOnlySpan<byte> content)
    {
        foreach (var (start, type) in Known)
        {
            if (content.StartsWith(start))
            {
                return type;
            }
        }

        return "application/octet-stream";
    }

    /// <summary>Of a file's name, without the dot.</summary>
    public static string EndingOf(ReadOnlySpan<byte> content) => Of(content) switch
    {
        "image/svg+xml" => "svg",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        _ => "png",
    };
}
