namespace CnnService.Core.Drawing;

/// <summary>
/// A small pixel font of one width: printable ASCII and the middle dot. Letters are 5 dots wide; capitals are 7 high, two more
/// rows hang below the line. Any other character shows as a box.
/// </summary>
internal static partial class BitmapFont
{
    /// <summary>Rows of a character's cell.</summary>
    public const int Height = 9;

    /// <summary>From one character to the next.</summary>
    public const int Advance = LetterWidth + 1;

    private const int LetterWidth = 5;
    private const int FirstLetter = ' ';
    private const int LastLetter = '~';
    private const int MiddleDot = '·';

    /// <summary>Dots from the left edge of the first letter to the right edge of the last.</summary>
    public static int Width(string text) => Math.Max(0, (text.EnumerateRunes().Count() * Advance) - 1);

    /// <summary>The dots of a line of text; (0, 0) is the upper left corner of the first cell.</summary>
    public static IEnumerable<(int X, int Y)> Dots(string text)
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
        >= FirstLetter and <= LastLetter => Letters[letter - FirstLetter],
        MiddleDot => Dot,
        _ => Box,
    };
}
