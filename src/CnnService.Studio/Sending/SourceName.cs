using System.Globalization;
using System.Text;

namespace CnnService.Studio.Sending;

/// <summary>What dropped files are, by their names.</summary>
internal static class SourceName
{
    private const int MaxLength = 60;
    private const string Fallback = "images";

    /// <summary>Letters of Western languages and those nearest to them: a host without Unicode tables cannot take them apart.</summary>
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ";
    private const string Unaccented = "aaaaaaceeeeiiiinoooooouuuuyy";

    private static readonly string[] Archives =
        [".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".tzst", ".parquet"];

    /// <summary>Whether it is sent as it is; anything else becomes an archive.</summary>
    public static bool IsArchive(IReadOnlyList<string> names) =>
        names.Count == 1 && Archives.Any(ending => names[0].EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>A name for the data set: that of the dropped folder or archive, in the letters that names have.</summary>
    public static string Suggest(IReadOnlyList<string> names)
    {
        var top = names.Count == 0 ? Fallback : names[0].Split('/')[0];
        var isFolder = names.Count > 0 && names[0].Contains('/') && names.All(name => name.StartsWith(top + "/", StringComparison.Ordinal));
        var ending = Archives.OrderByDescending(one => one.Length)
            .FirstOrDefault(one => top.EndsWith(one, StringComparison.OrdinalIgnoreCase));
        return Clean(isFolder ? top : ending is not null ? top[..^ending.Length] : Fallback);
    }

    /// <summary>Lower-case letters, digits and <c>._-</c>, a letter or digit first.</summary>
    private static string Clean(string text)
    {
        var plain = new StringBuilder();
        foreach (var one in text.ToLowerInvariant())
        {
            var letter = Accented.IndexOf(one, StringComparison.Ordinal) is >= 0 and var place ? Unaccented[place] : one;
            if (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter))
            {
                plain.Append(letter);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark && plain.Length > 0 && plain[^1] != '-')
            {
                plain.Append('-');
            }
        }

        var cleaned = plain.ToString().Trim('-');
        return cleaned.Length == 0 ? Fallback : cleaned[..Math.Min(cleaned.Length, MaxLength)];
    }
}
