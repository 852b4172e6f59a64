namespace CnnService.Core.Drawing.Scenes;

/// <summary>What a colour stands for; a <see cref="Theme"/> says which colour that is.</summary>
public enum Ink
{
    /// <summary>What everything is drawn on.</summary>
    Paper,

    /// <summary>Ground of tiles, of missing images and of empty cells; near the paper.</summary>
    Ground,

    Text,

    /// <summary>Text of less weight: subtitles, captions, ticks.</summary>
    Faint,

    /// <summary>Grid lines.</summary>
    Rule,

    Axis,

    /// <summary>A frame round something in a photograph.</summary>
    Frame,

    Series1,
    Series2,
    Series3,
    Series4,
    Series5,
    Series6,
    Series7,
    Series8,
}
