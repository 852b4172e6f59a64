using System.Text;

namespace CnnService.Core.Common;

/// <summary>What somebody sent, as a message shows it.</summary>
public static class Received
{
    private const int Most = 80;

    /// <summary>At most 80 characters, cut ones marked by an ellipsis; a control or formatting character is written as its number, <c>\u0007</c>.</summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var part = IsHidden(rune) ? FormattableString.Invariant($"\\u{rune.Value:x4}") : rune.ToString();
            if (shown.Length + part.Length > Most)
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
