namespace CnnService.Imaging.Codec.Markers;

/// <summary>
/// EXIF as ImageMagick wrote it into text chunks of PNG files before these had a chunk for it: a line feed, the kind and the number of
/// bytes in a line each, then the bytes in hexadecimal, broken into lines.
/// </summary>
internal static class RawProfile
{
    private const int HeadLines = 3;

    public static int? Orientation(ReadOnlySpan<byte> text)
    {
        for (var line = 0; line < HeadLines; line++)
        {
            var end = text.IndexOf((byte)'\n');
            if (end < 0)
            {
                return null;
            }

            text = text[(end + 1)..];
        }

        return ExifDirectory.Orientation(Bytes(text));
    }

    /// <summary>Up to the first character that is neither a digit nor a space.</summary>
    private static byte[] Bytes(ReadOnlySpan<byte> text)
    {
        var bytes = new List<byte>(text.Length / 2);
        var high = -1;
        foreach (var character in text)
        {
            if (character is (byte)'\n' or (byte)'\r' or (byte)' ')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit((char)character))
            {
                break;
            }

            var digit = character <= '9' ? character - '0' : (character | 0x20) - 'a' + 10;
            if (high >= 0)
            {
                bytes.Add((byte)((high << 4) | digit));
            }

            high = high < 0 ? digit : -1;
        }

        return [.. bytes];
    }
}
