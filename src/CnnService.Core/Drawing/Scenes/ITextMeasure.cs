namespace CnnService.Core.Drawing.Scenes;

/// <summary>Measures text in the typeface that figures are set in, so that every output has the same layout. Thread safe.</summary>
public interface ITextMeasure
{
    /// <summary>Width of a line in units of <paramref name="size"/>, without kerning.</summary>
    double Width(string text, double size, FontWeight weight);

    /// <summary>Whether the typeface, or one configured beside it, has every character.</summary>
    bool CanWrite(string text);
}
