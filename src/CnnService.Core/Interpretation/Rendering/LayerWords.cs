using CnnService.Core.Architecture;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>Says which layer of which model a figure shows.</summary>
internal static class LayerWords
{
    public static string Name(LoadedModel model) => $"{model.Name}:{ContentKey.Text(model.Version)}";

    /// <summary><c>cats:3, conv_4: 128 filters, maps of 15 x 15, each cell sees 38 pixels</c></summary>
    public static string Write(LoadedModel model, ResolvedLayer layer)
    {
        var shape = layer.OutputShape;
        var map = shape.IsMap ? $", maps of {ContentKey.Text(shape.Height)} × {ContentKey.Text(shape.Width)}" : "";
        var field = layer.Field is { Size: var size }
            ? $", each cell sees {ContentKey.Text(size.Height)} × {ContentKey.Text(size.Width)} pixels"
            : "";
        return $"{Name(model)}, {layer.Name}: {ContentKey.Text(shape.Channels)} {(shape.IsMap ? "filters" : "values")}{map}{field}";
    }

    /// <summary>"all 32 filters", "filters 8 to 15 of 32".</summary>
    public static string Range(ResolvedLayer layer, FilterRange range, string noun = "filters")
    {
        var all = layer.OutputShape.Channels;
        return range.Count == all ? $"all {ContentKey.Text(all)} {noun}"
            : $"{noun} {ContentKey.Text(range.First)} to {ContentKey.Text(range.First + range.Count - 1)} of {ContentKey.Text(all)}";
    }
}
