namespace CnnService.Core.Drawing;

/// <summary>
/// A monospaced 5x7 pixel font with two descender rows: printable ASCII and the middle dot. Any other character is drawn as a box.
/// </summary>
internal static partial class BitmapFont
{
    /// <summary>Height of a character cell, in font pixels.</summary>
    public const int Height = 9;

    /// <summary>Horizontal distance from one character to the next, in font pixels.</summary>
    public const int Advance = LetterWidth + 1;

    private const int LetterWidth = 5;
    private const int FirstLetter = ' ';
    private const int LastLetter = '~';
    private const int MiddleDot = '·';

    /// <summary>Width of a line of text in font pixels, without the gap after the last letter.</summary>
    public static int Width(string text) => Math.Max(0, (text.EnumerateRunes().Count() * Advance) - 1);

    /// <summary>The set pixels of a line of text; (0, 0) is the upper left corner of the first cell.</summary>
    public static IEnumerable<(int X, int Y)> Pixels(string text)
    {
        var left = 0;
        foreach (var letter in text.EnumerateRunes())
        {
            var rows = Glyph(letter.Value);
            for (var y = 0; y < Height; y++)
            {
                for (var x = 0; x < LetterWidth; x++)
                {
                    if ((rows[y] >> (LetterWidth - 1 - x) & 1) == 1)
                    {
                        yield return (left + x, y);
                    }
                }
            }

            left += Advance;
        }
    }

    private static byte[] Glyph(int letter) => letter switch
    {
        >= FirstLetter and <= LastLetter => Glyphs[letter - FirstLetter],
        MiddleDot => Dot,
        _ => Box,
    };
}
