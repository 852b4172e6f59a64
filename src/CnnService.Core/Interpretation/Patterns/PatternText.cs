using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>Text chunks with the measurements of patterns.</summary>
internal static class PatternText
{
    /// <summary>Measurements of one pattern, one chunk each.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Describe(PatternFigures figures) =>
    [
        PngText.Create("activation", Text(figures.Activation)),
        PngText.Create("startActivation", Text(figures.StartActivation)),
        PngText.Create("noiseActivation", Text(figures.NoiseActivation)),
        PngText.Create("iterations", ContentKey.Text(figures.Iterations)),
        PngText.Create("size", ContentKey.Text(figures.Size)),
        PngText.Create("seed", ContentKey.Text(figures.Seed)),
        PngText.Create("status", figures.Status.ToWireName()),
        .. figures.Settings is { } settings
            ? [PngText.Create("settings", JsonSerializer.Serialize(settings, CoreJson.Options))]
            : Array.Empty<KeyValuePair<string, string>>(),
        .. Numbers(("rank", figures.Rank), ("z", figures.Z), ("dataImages", figures.DataImages), ("dataP50", figures.DataP50),
            ("dataP99", figures.DataP99), ("dataMax", figures.DataMax)),
    ];

    /// <summary>Measurements of a grid, as one JSON array.</summary>
    public static KeyValuePair<string, string> Describe(IReadOnlyList<PatternFigures> figures) =>
        PngText.Create("figures", JsonSerializer.Serialize(figures, CoreJson.Options));

    private static IEnumerable<KeyValuePair<string, string>> Numbers(params IEnumerable<(string Keyword, double? Figure)> figures) =>
        figures.Where(known => known.Figure.HasValue)
            .Select(known => PngText.Create(known.Keyword, Text(known.Figure.GetValueOrDefault())));

    private static string Text(double figure) => figure.ToString(CultureInfo.InvariantCulture);
}
