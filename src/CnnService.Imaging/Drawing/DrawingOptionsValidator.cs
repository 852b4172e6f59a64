using Microsoft.Extensions.Options;
using SkiaSharp;

namespace CnnService.Imaging.Drawing;

/// <summary>Checks that the configured fonts can be read, so that a wrong path is told at start and not by boxes in a figure.</summary>
internal sealed class DrawingOptionsValidator : IValidateOptions<DrawingOptions>
{
    public ValidateOptionsResult Validate(string? name, DrawingOptions options)
    {
        string[] wrong = [.. options.FallbackFonts.Where(path => !IsFont(path))];
        return wrong.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{DrawingOptions.Section}:{nameof(DrawingOptions.FallbackFonts)} must name font files, received "
                + $"{string.Join(", ", wrong)}.");
    }

    private static bool IsFont(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var face = SKTypeface.FromFile(path);
        return face is not null;
    }
}
