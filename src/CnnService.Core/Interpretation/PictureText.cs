using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>What a picture says of itself in the text chunks of its file.</summary>
internal static class PictureText
{
    private const string Prefix = "cnnservice:";

    public static List<KeyValuePair<string, string>> Source(LoadedModel model, string layer, FilterRange range) =>
        [Of("model", $"{model.Name}:{PictureKey.Text(model.Version)}"), Of("layer", layer), Of("filter", range.ToString())];

    /// <summary>The figures of one pattern, a chunk each.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Figures(PatternFigures figures) =>
    [
        Of("activation", Text(figures.Activation)),
        Of("startActivation", Text(figures.StartActivation)),
        Of("noiseActivation", Text(figures.NoiseActivation)),
        Of("iterations", PictureKey.Text(figures.Iterations)),
        Of("size", PictureKey.Text(figures.Size)),
        Of("seed", PictureKey.Text(figures.Seed)),
        Of("status", figures.Status.ToWireName()),
        .. figures.Settings is { } settings ? [Of("settings", JsonSerializer.Serialize(settings, CoreJson.Options))] : Array.Empty<KeyValuePair<string, string>>(),
        .. Numbers(("rank", figures.Rank), ("z", figures.Z), ("dataPictures", figures.DataPictures), ("dataP50", figures.DataP50), ("dataP99", figures.DataP99), ("dataMax", figures.DataMax)),
    ];

    /// <summary>Those of a grid, as one JSON array.</summary>
    public static KeyValuePair<string, string> Figures(IReadOnlyList<PatternFigures> figures) =>
        Of("figures", JsonSerializer.Serialize(figures, CoreJson.Options));

    public static KeyValuePair<string, string> Of(string keyword, string value) => new(Prefix + keyword, value);

    private static IEnumerable<KeyValuePair<string, string>> Numbers(params IEnumerable<(string Keyword, double? Figure)> figures) =>
        figures.Where(known => known.Figure.HasValue).Select(known => Of(known.Keyword, Text(known.Figure.GetValueOrDefault())));

    private static string Text(double figure) => figure.ToString(CultureInfo.InvariantCulture);
}
