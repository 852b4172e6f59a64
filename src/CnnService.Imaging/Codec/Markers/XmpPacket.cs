namespace CnnService.Imaging.Codec.Markers;

/// <summary>Finds <c>tiff:Orientation</c> in XMP metadata, as an attribute or an element, without parsing the XML around it.</summary>
internal static class XmpPacket
{
    private static ReadOnlySpan<byte> Name => "tiff:Orientation"u8;

    private static ReadOnlySpan<byte> Spaces => " \t\r\n"u8;

    /// <summary>The digit that is written; null where there is none.</summary>
    public static int? Orientation(ReadOnlySpan<byte> xmp)
    {
        while (xmp.IndexOf(Name) is >= 0 and var at)
        {
            xmp = xmp[(at + Name.Length)..];
            if (Digit(xmp) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <param name="rest">What follows the name: <c>="6"</c>, <c>='6'</c> or <c>>6&lt;</c>, with or without spaces.</param>
    private static int? Digit(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(Spaces);
        if (rest is [(byte)'=', ..])
        {
            rest = rest[1..].TrimStart(Spaces);
            return rest is [(byte)'"' or (byte)'\'', ..] ? Number(rest[1..]) : null;
        }

        return rest is [(byte)'>', ..] ? Number(rest[1..]) : null;
    }

    private static int? Number(ReadOnlySpan<byte> text) =>
        text.TrimStart(Spaces) is [>= (byte)'0' and <= (byte)'9' and var digit, not (>= (byte)'0' and <= (byte)'9'), ..]
            ? digit - '0'
            : null;
}
