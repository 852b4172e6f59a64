using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>Titles of grids and labels of their tiles.</summary>
internal static class GridTitle
{
    /// <summary><c>cats:3 conv_4 (128 filters, map 15x15, receptive field 38 px)</c></summary>
    public static string Write(LoadedModel model, ResolvedLayer layer)
    {
        var shape = layer.OutputShape;
        var map = shape.IsMap ? $", map {ContentKey.Text(shape.Height)}x{ContentKey.Text(shape.Width)}" : "";
        var field = layer.Field is { Size: var size }
            ? $", receptive field {(size.Height == size.Width ? ContentKey.Text(size.Height) : size.ToString())} px"
            : "";
        return $"{model.Name}:{ContentKey.Text(model.Version)} {layer.Name} ({ContentKey.Text(shape.Channels)} filters{map}{field})";
    }

    public static GridTile Tile(ResolvedLayer layer, int filter, PixelBuffer image)
    {
        var number = ContentKey.Text(filter);
        return new(image, $"{layer.Name} · {number}", number);
    }
}
