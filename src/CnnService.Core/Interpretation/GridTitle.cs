using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>What stands above a grid and under its tiles.</summary>
internal static class GridTitle
{
    /// <summary><c>cats:3 conv_4 (128 filters, map 15x15, receptive field 38 px)</c></summary>
    public static string Of(LoadedModel model, ResolvedLayer layer)
    {
        var shape = layer.OutputShape;
        var map = shape.IsMap ? $", map {PictureKey.Text(shape.Height)}x{PictureKey.Text(shape.Width)}" : "";
        var field = layer.Field is { Size: var size }
            ? $", receptive field {(size.Height == size.Width ? PictureKey.Text(size.Height) : size.ToString())} px"
            : "";
        return $"{model.Name}:{PictureKey.Text(model.Version)} {layer.Name} ({PictureKey.Text(shape.Channels)} filters{map}{field})";
    }

    public static GridTile Tile(ResolvedLayer layer, int filter, PixelBuffer picture)
    {
        var number = PictureKey.Text(filter);
        return new(picture, $"{layer.Name} · {number}", number);
    }
}
