using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Tests.Drawing.Figures;

/// <summary>A typeface whose letters are all 0.6 em wide, and which has none from U+2E80 on.</summary>
internal sealed class MonospacedText : ITextMeasure
{
    public const double Advance = 0.6;

    public double Width(string text, double size, FontWeight weight) => Advance * size * text.EnumerateRunes().Count();

    public bool CanWrite(string text) => text.EnumerateRunes().All(rune => rune.Value < 0x2E80);
}
