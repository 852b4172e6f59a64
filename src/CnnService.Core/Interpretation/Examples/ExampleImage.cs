using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>
/// Draws examples cropped to the activating cell: its receptive field in a frame, with a quarter of its size around it, mirrored at the
/// image border. One row a filter; a single filter fills a grid.
/// </summary>
internal static class ExampleImage
{
    private const int Side = 112;
    private const double Surround = 0.25;

    private static readonly Color Frame = Color.FromRgb(0xF0E442);
    private static readonly Color Missing = Color.FromRgb(0x1B2127);

    public static PixelBuffer Draw(ExamplePlan plan, IPixelSource images, IReadOnlyList<FilterExamples> rows)
    {
        var isAlone = rows.Count == 1;
        GridTile[] tiles = [.. rows.SelectMany(row => Tiles(images, row, isAlone ? row.Examples.Count : plan.Count))];
        var columns = isAlone ? (int)Math.Ceiling(Math.Sqrt(tiles.Length)) : plan.Count;
        return TileGrid.Compose($"{GridTitle.Write(plan.Model, plan.Layer)}: {plan.Source.Dataset.Name}, {plan.Source.Split.ToWireName()}",
            tiles, columns);
    }

    /// <summary>The tiles of a row, padded with empty tiles to the given length.</summary>
    private static IEnumerable<GridTile> Tiles(IPixelSource pixels, FilterExamples row, int length)
    {
        foreach (var example in row.Examples)
        {
            var value = example.Value.ToString("G3", CultureInfo.InvariantCulture);
            yield return new(Crop(SplitImages.Copy(pixels, example.Place), example.Box), $"{ContentKey.Text(row.Filter)}: {value}", value);
        }

        for (var i = row.Examples.Count; i < Math.Max(1, length); i++)
        {
            yield return new(new Canvas(Side, Side, Missing).Image, $"{ContentKey.Text(row.Filter)}: none", "none");
        }
    }

    /// <summary>The box with its surroundings, scaled to the tile's side by nearest neighbour.</summary>
    internal static PixelBuffer Crop(PixelBuffer sheet, FieldBox box)
    {
        var (marginX, marginY) = (box.Width * Surround, box.Height * Surround);
        var (width, height) = (box.Width + (2 * marginX), box.Height + (2 * marginY));
        var tile = new PixelBuffer(Side, Side, 3);
        for (var y = 0; y < Side; y++)
        {
            var row = Mirror((int)Math.Floor(box.Top - marginY + ((y + 0.5) * height / Side)), sheet.Height);
            for (var x = 0; x < Side; x++)
            {
                var column = Mirror((int)Math.Floor(box.Left - marginX + ((x + 0.5) * width / Side)), sheet.Width);
                var from = ((row * sheet.Width) + column) * sheet.Channels;
                for (var channel = 0; channel < 3; channel++)
                {
                    tile.Data[(((y * Side) + x) * 3) + channel] = sheet.Data[from + Math.Min(channel, sheet.Channels - 1)];
                }
            }
        }

        var canvas = new Canvas(Side, Side, Missing);
        canvas.DrawImage(tile, 0, 0);
        var (left, top) = ((int)(marginX / width * Side), (int)(marginY / height * Side));
        var (boxWidth, boxHeight) = (Side - (2 * left), Side - (2 * top));
        canvas.Fill(left, top, boxWidth, 1, Frame);
        canvas.Fill(left, top + boxHeight - 1, boxWidth, 1, Frame);
        canvas.Fill(left, top, 1, boxHeight, Frame);
        canvas.Fill(left + boxWidth - 1, top, 1, boxHeight, Frame);
        return canvas.Image;
    }

    /// <summary>Reflects an index into the image, without repeating the border pixels.</summary>
    private static int Mirror(int at, int size)
    {
        if (size == 1)
        {
            return 0;
        }

        var period = 2 * (size - 1);
        var within = ((at % period) + period) % period;
        return within < size ? within : period - within;
    }
}
