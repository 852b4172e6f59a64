namespace CnnService.Core.Drawing;

/// <summary>Truncates text to a given length.</summary>
internal static class PlotText
{
    private const string Cut = "..";

    /// <summary>The text, truncated with two dots where it is longer than this many characters.</summary>
    public static string Truncate(string text, int letters)
    {
        var runes = text.EnumerateRunes().ToArray();
        return runes.Length <= letters ? text : string.Concat(runes.Take(letters - Cut.Length)) + Cut;
    }
}
