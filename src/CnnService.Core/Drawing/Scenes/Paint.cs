namespace CnnService.Core.Drawing.Scenes;

/// <summary>A colour by its meaning, or a fixed one where the colour itself is the value, as in a heat map.</summary>
/// <param name="Ink">The meaning; without effect if <paramref name="Fixed"/> is given.</param>
/// <param name="Fixed">The same colour in every theme.</param>
/// <param name="Opacity">0 (no effect) to 1 (opaque).</param>
public readonly record struct Paint(Ink Ink, Color? Fixed = null, double Opacity = 1)
{
    public static implicit operator Paint(Ink ink) => new(ink);

    public static implicit operator Paint(Color color) => new(default, color);

    public Paint At(double opacity) => this with { Opacity = opacity };

    public Color In(Theme theme)
    {
        ArgumentNullException.ThrowIfNull(theme);
        return Fixed ?? theme[Ink];
    }
}
