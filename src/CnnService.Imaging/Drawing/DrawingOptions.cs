namespace CnnService.Imaging.Drawing;

/// <summary>How figures are drawn.</summary>
public sealed class DrawingOptions
{
    public const string Section = "Drawing";

    /// <summary>
    /// Font files (TTF, OTF, TTC), asked in this order for characters that Inter lacks, such as Chinese or Arabic; none by default: then a
    /// class with such a name is shown by its number.
    /// </summary>
    public IReadOnlyList<string> FallbackFonts { get; set; } = [];
}
