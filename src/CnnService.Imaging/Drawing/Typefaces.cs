using System.Collections.Concurrent;
using System.Text;
using CnnService.Core.Drawing.Scenes;
using Microsoft.Extensions.Options;
using SkiaSharp;

namespace CnnService.Imaging.Drawing;

/// <summary>
/// The faces of Inter, which are part of this assembly, and the configured fonts for characters that it lacks. Thread safe.
/// </summary>
internal sealed class Typefaces : ITextMeasure, IDisposable
{
    private readonly SKTypeface[] _inter;
    private readonly SKTypeface[] _fallbacks;
    private readonly ConcurrentDictionary<(Rune Rune, FontWeight Weight), Glyph> _glyphs = new();

    public Typefaces(IOptions<DrawingOptions> options)
    {
        _inter = [Embedded("Inter-Regular.ttf"), Embedded("Inter-Medium.ttf"), Embedded("Inter-SemiBold.ttf")];
        _fallbacks = [.. options.Value.FallbackFonts.Select(path => SKTypeface.FromFile(path)
            ?? throw new InvalidDataException($"'{path}' is no font file."))];
    }

    public double Width(string text, double size, FontWeight weight)
    {
        var width = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Find(rune, weight).Advance;
        }

        return width * size;
    }

    public bool CanWrite(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Find(rune, FontWeight.Regular).IsThere)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text in pieces that one face has all characters of.</summary>
    public IEnumerable<(SKTypeface Face, string Text)> Runs(string text, FontWeight weight)
    {
        var run = new StringBuilder();
        SKTypeface? face = null;
        foreach (var rune in text.EnumerateRunes())
        {
            var next = Find(rune, weight).Face;
            if (face is not null && next != face)
            {
                yield return (face, run.ToString());
                run.Clear();
            }

            face = next;
            run.Append(rune.ToString());
        }

        if (face is not null)
        {
            yield return (face, run.ToString());
        }
    }

    public void Dispose()
    {
        foreach (var face in _inter.Concat(_fallbacks))
        {
            face.Dispose();
        }
    }

    private static SKTypeface Embedded(string name)
    {
        using var stream = typeof(Typefaces).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks the typeface {name}.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }

    private Glyph Find(Rune rune, FontWeight weight) => _glyphs.GetOrAdd((rune, weight), (key, faces) => faces.Measure(key), this);

    private Glyph Measure((Rune Rune, FontWeight Weight) key)
    {
        var own = _inter[(int)key.Weight];
        return _fallbacks.Prepend(own).Select(face => Measure(face, key.Rune))
            .FirstOrDefault(glyph => glyph.IsThere, Measure(own, key.Rune));
    }

    private static Glyph Measure(SKTypeface face, Rune rune)
    {
        using var font = new SKFont(face, face.UnitsPerEm) { LinearMetrics = true, Hinting = SKFontHinting.None };
        return new(face, font.MeasureText(rune.ToString()) / face.UnitsPerEm, font.GetGlyph(rune.Value) != 0);
    }

    /// <param name="Face">The face that has it, or the one that shows a box for it.</param>
    /// <param name="Advance">Width as a share of the size.</param>
    /// <param name="IsThere">Whether any face has it.</param>
    private readonly record struct Glyph(SKTypeface Face, double Advance, bool IsThere);
}
