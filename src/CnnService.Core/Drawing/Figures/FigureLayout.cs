using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Lays a figure out: the title above, the notes below, everything measured in the typeface it is drawn in.</summary>
public static class FigureLayout
{
    private const double Margin = 20;
    private const double TitleGap = 14;
    private const double NoteGap = 12;

    /// <summary>Lines are not broken earlier than this, however narrow the content is.</summary>
    private const double MinTextWidth = 460;

    public static Scene Arrange(Figure figure, ITextMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var lettering = new Lettering(measure, figure.Names);
        var sketch = new Sketch(lettering);
        var content = figure.Content.Measure(lettering);
        if (figure.IsBare)
        {
            figure.Content.Draw(sketch, 0, 0);
            return Finish(figure, sketch, content);
        }

        var room = Math.Max(content.Width, MinTextWidth);
        Stack head = new(
        [
            new Words(figure.Title, Typography.Title, room),
            .. figure.Subtitle.Length > 0 ? (Block[])[new Words(figure.Subtitle, Typography.Subtitle, room)] : [],
        ], Gap: 3);
        Stack notes = new([.. figure.Notes.Select(note => new Words(note, Typography.Small, room))], Gap: 3);
        var (above, below) = (head.Measure(lettering), notes.Measure(lettering));
        head.Draw(sketch, Margin, Margin);
        var top = Math.Round(Margin + above.Height + TitleGap);
        figure.Content.Draw(sketch, Margin, top);
        var bottom = top + content.Height;
        if (figure.Notes.Count > 0)
        {
            notes.Draw(sketch, Margin, bottom + NoteGap);
            bottom += NoteGap + below.Height;
        }

        var width = Math.Max(content.Width, Math.Max(above.Width, below.Width));
        return Finish(figure, sketch, new(width + (2 * Margin), bottom + Margin));
    }

    private static Scene Finish(Figure figure, Sketch sketch, Extent size) => new(
        Math.Max(1, (int)Math.Ceiling(size.Width)), Math.Max(1, (int)Math.Ceiling(size.Height)), sketch.Shapes, figure.Title,
        figure.Description, sketch.Lettering.Replaced);
}
