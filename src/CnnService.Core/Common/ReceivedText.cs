using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CnnService.Core.Common;

/// <summary>Formats received input for error messages: shortened, with control characters escaped.</summary>
public static class ReceivedText
{
    private const int MaxLength = 80;
    private const int MaxJsonLength = 60;
    private const int MaxUtf8Bytes = 4;

    /// <summary>
    /// Raw JSON, at most 60 characters, formatted as by <see cref="Text(string)"/>; "nothing" where the element is undefined.
    /// </summary>
    public static string Json(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Undefined)
        {
            return "nothing";
        }

        // Works on bytes, since an element's text may be invalid UTF-8, and decodes no more of them than are shown.
        var bytes = JsonMarshal.GetRawUtf8Value(json);
        return Text(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, (MaxJsonLength + 1) * MaxUtf8Bytes)]), MaxJsonLength);
    }

    /// <summary>
    /// At most 80 characters, an ellipsis where it was cut; control and formatting characters are escaped as
    /// <c>\u0007</c>.
    /// </summary>
    public static string Text(string text) => Text(text, MaxLength);

    private static string Text(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var part = IsHidden(rune) ? $"\\u{rune.Value:x4}" : rune.ToString();
            if (shown.Length + part.Length > maxLength)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(part);
        }

        return shown.ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune)
        is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
