namespace CnnService.Core.Drawing.Scenes;

/// <summary>File formats of a figure.</summary>
public enum FigureForm
{
    Png,
    Svg,
}
