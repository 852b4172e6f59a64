using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Scenes;

/// <summary>How a figure is drawn.</summary>
/// <param name="Theme">Its colours.</param>
/// <param name="Scale">Pixels per unit, 1 to 8; null: 1, and images of less than 256 pixels are enlarged by whole factors.</param>
/// <param name="Form">The file format.</param>
public sealed record FigureStyle(ThemeName Theme = ThemeName.Light, int? Scale = null, FigureForm Form = FigureForm.Png)
{
    public const int MaxScale = 8;

    /// <summary>Changes when the same figure gives other bytes.</summary>
    private const string Revision = "2";

    public static FigureStyle Default { get; } = new();

    public string MediaType => Form == FigureForm.Svg ? "image/svg+xml" : "image/png";

    /// <summary>A tag of what is drawn, made one of the file.</summary>
    public string Tag(string tag) => string.Join('-', tag, Revision, Theme.ToWireName(), Form.ToWireName(),
        Scale?.ToString(CultureInfo.InvariantCulture) ?? "auto");
}
