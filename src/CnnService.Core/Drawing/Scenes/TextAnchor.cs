namespace CnnService.Core.Drawing.Scenes;

/// <summary>Which part of a text lies at its place.</summary>
public enum TextAnchor
{
    Start,
    Middle,
    End,
}
