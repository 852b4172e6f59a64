namespace CnnService.Core.Drawing;

/// <summary>Text that must fit.</summary>
internal static class PlotText
{
    private const string Cut = "..";

    /// <summary>The text, cut off with two dots where it is longer than this many letters.</summary>
    public static string Fit(string text, int letters)
    {
        var runes = text.EnumerateRunes().ToArray();
        return runes.Length <= letters ? text : string.Concat(runes.Take(letters - Cut.Length)) + Cut;
    }
}
