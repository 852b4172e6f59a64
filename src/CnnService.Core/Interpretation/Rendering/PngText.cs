using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>Text chunks that describe an image in its PNG file.</summary>
internal static class PngText
{
    private const string Prefix = "cnnservice:";

    public static List<KeyValuePair<string, string>> Source(LoadedModel model, string layer, FilterRange range) =>
        [Create("model", $"{model.Name}:{ContentKey.Text(model.Version)}"), Create("layer", layer), Create("filter", range.ToString())];

    public static KeyValuePair<string, string> Create(string keyword, string value) => new(Prefix + keyword, value);
}
