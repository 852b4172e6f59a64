using System.Globalization;
using System.Text;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>
/// The text of one figure: measures it, breaks it into lines, and replaces what the typeface cannot write. Not thread safe.
/// </summary>
/// <param name="measure">The typeface.</param>
/// <param name="names">The classes, in label order.</param>
internal sealed class Lettering(ITextMeasure measure, IReadOnlyList<string> names)
{
    private const string Cut = "…";
    private const char Unknown = '?';

    private readonly SortedDictionary<string, string> _replaced = new(StringComparer.Ordinal);
    private (string Name, string Shown)[]? _unwritable;

    /// <summary>Names that had to be replaced so far, by what stands for them.</summary>
    public IReadOnlyDictionary<string, string> Replaced => _replaced;

    public double Width(string text, TextStyle style) => measure.Width(Readable(text), style.Size, style.Weight);

    /// <summary>The text with "class 3" for a class whose name cannot be written, and question marks for other such characters.</summary>
    public string Readable(string text)
    {
        if (measure.CanWrite(text))
        {
            return text;
        }

        foreach (var (name, shown) in _unwritable ??= Unwritable())
        {
            if (text.Contains(name, StringComparison.Ordinal))
            {
                text = text.Replace(name, shown, StringComparison.Ordinal);
                _replaced[shown] = name;
            }
        }

        var readable = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            readable.Append(measure.CanWrite(rune.ToString()) ? rune.ToString() : Unknown);
        }

        return readable.ToString();
    }

    /// <summary>The text, or as much of it as fits the width with an ellipsis.</summary>
    public string Fit(string text, TextStyle style, double width)
    {
        if (Width(text, style) <= width)
        {
            return text;
        }

        Rune[] runes = [.. Readable(text).EnumerateRunes()];
        var (low, high) = (0, runes.Length);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Width(Head(runes, middle), style) <= width ? (middle, high) : (low, middle - 1);
        }

        return Head(runes, low);
    }

    /// <summary>The text in lines no wider than this, broken at spaces, and within a word only where it has no room alone.</summary>
    public IReadOnlyList<string> Wrap(string text, TextStyle style, double width)
    {
        if (Width(text, style) <= width)
        {
            return [text];
        }

        List<string> lines = [];
        var line = string.Empty;
        foreach (var word in text.Split(' ').SelectMany(word => Pieces(word, style, width)))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && Width(longer, style) > width)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        lines.Add(line);
        return lines;
    }

    private static string Head(Rune[] runes, int length) => string.Concat(runes.Take(length)).TrimEnd() + Cut;

    private IEnumerable<string> Pieces(string word, TextStyle style, double width)
    {
        var piece = new StringBuilder();
        foreach (var rune in word.EnumerateRunes())
        {
            if (piece.Length > 0 && Width($"{piece}{rune}", style) > width)
            {
                yield return piece.ToString();
                piece.Clear();
            }

            piece.Append(rune.ToString());
        }

        yield return piece.ToString();
    }

    /// <summary>Longer names first, since one may be a part of another.</summary>
    private (string Name, string Shown)[] Unwritable() =>
    [
        .. names.Index().Where(name => !measure.CanWrite(name.Item)).OrderByDescending(name => name.Item.Length)
            .Select(name => (name.Item, $"class {name.Index.ToString(CultureInfo.InvariantCulture)}")),
    ];
}
