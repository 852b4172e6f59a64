using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>The styles that text is set in: few, so that all figures look alike.</summary>
internal static class Typography
{
    public static TextStyle Title { get; } = new(19, FontWeight.Semibold, Ink.Text);

    public static TextStyle Subtitle { get; } = new(13, FontWeight.Regular, Ink.Faint);

    /// <summary>Of a panel within a figure.</summary>
    public static TextStyle Heading { get; } = new(14, FontWeight.Semibold, Ink.Text);

    public static TextStyle Body { get; } = new(13, FontWeight.Regular, Ink.Text);

    public static TextStyle Strong { get; } = new(13, FontWeight.Medium, Ink.Text);

    /// <summary>Below a tile, at a tick, of a colour bar.</summary>
    public static TextStyle Small { get; } = new(12, FontWeight.Regular, Ink.Faint);

    /// <summary>The first line below a tile.</summary>
    public static TextStyle Caption { get; } = new(12, FontWeight.Medium, Ink.Text);
}
