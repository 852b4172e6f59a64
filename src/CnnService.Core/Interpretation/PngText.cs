using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>Text chunks that describe an image in its PNG file.</summary>
internal static class PngText
{
    private const string Prefix = "cnnservice:";

    public static List<KeyValuePair<string, string>> Source(LoadedModel model, string layer, FilterRange range) =>
        [Create("model", $"{model.Name}:{ContentKey.Text(model.Version)}"), Create("layer", layer), Create("filter", range.ToString())];

    /// <summary>Measurements of one pattern, one chunk each.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Figures(PatternFigures figures) =>
    [
        Create("activation", Text(figures.Activation)),
        Create("startActivation", Text(figures.StartActivation)),
        Create("noiseActivation", Text(figures.NoiseActivation)),
        Create("iterations", ContentKey.Text(figures.Iterations)),
        Create("size", ContentKey.Text(figures.Size)),
        Create("seed", ContentKey.Text(figures.Seed)),
        Create("status", figures.Status.ToWireName()),
        .. figures.Settings is { } settings
            ? [Create("settings", JsonSerializer.Serialize(settings, CoreJson.Options))]
            : Array.Empty<KeyValuePair<string, string>>(),
        .. Numbers(("rank", figures.Rank), ("z", figures.Z), ("dataImages", figures.DataImages), ("dataP50", figures.DataP50),
            ("dataP99", figures.DataP99), ("dataMax", figures.DataMax)),
    ];

    /// <summary>Measurements of a grid, as one JSON array.</summary>
    public static KeyValuePair<string, string> Figures(IReadOnlyList<PatternFigures> figures) =>
        Create("figures", JsonSerializer.Serialize(figures, CoreJson.Options));

    public static KeyValuePair<string, string> Create(string keyword, string value) => new(Prefix + keyword, value);

    private static IEnumerable<KeyValuePair<string, string>> Numbers(params IEnumerable<(string Keyword, double? Figure)> figures) =>
        figures.Where(known => known.Figure.HasValue).Select(known => Create(known.Keyword, Text(known.Figure.GetValueOrDefault())));

    private static string Text(double figure) => figure.ToString(CultureInfo.InvariantCulture);
}
