using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>
/// The pictures of a data set that a filter answers most to, cut round the place that excites it: the receptive field in a frame, a quarter
/// of it round about, mirrored where the picture ends. Pictures that are nearly the same as one before are left out.
/// </summary>
public sealed class ExamplePicture(IPixelCache pixels, IPngEncoder encoder)
{
    public const int Usual = 9;

    public const int Most = 16;

    /// <summary>Rows of a grid.</summary>
    private const int MostRows = 8;

    private const int Side = 112;
    private const double Surround = 0.25;

    /// <summary>Mean difference of two pictures, levels of 255, under which they are the same to a viewer.</summary>
    private const double SamePicture = 4;

    private static readonly Color Frame = Color.Of(0xF0E442);
    private static readonly Color Missing = Color.Of(0x1B2127);

    /// <summary>A row of examples for each filter from the offset on; one filter alone fills a grid.</summary>
    /// <param name="model">The version.</param>
    /// <param name="scan">Of the layer.</param>
    /// <param name="source">The pictures it was scanned with.</param>
    /// <param name="offset">The first filter.</param>
    /// <param name="filters">How many; a grid has at most 8 rows.</param>
    /// <param name="count">Examples a filter, 1 to <see cref="Most"/>.</param>
    /// <param name="cancel">Ends the decoding.</param>
    public Outcome<ExampleSheet> Draw(LoadedModel model, LayerScan scan, ScanSource source, int offset, int filters, int count, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(scan);
        ArgumentNullException.ThrowIfNull(source);
        var errors = new ValidationErrors();
        errors.Require(count is >= 1 and <= Most, "count", $"must be between 1 and {Most}, received {count}");
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        return VisualLayers.Find(model, scan.Layer).Bind(layer => VisualLayers.Filters(layer, offset, Math.Min(filters, MostRows)).Bind(range =>
        {
            var input = model.Network.Spec.Input;
            return pixels.Open(source.Folder, source.Dataset, source.Split, input.Height, input.Width, input.Channels, cancel).Bind<ExampleSheet>(pictures =>
            {
                using var _ = pictures;
                DatasetImage[] images = [.. source.Dataset.Images.Where(image => image.Split == source.Split)];
                var rows = range.Filters.Select(filter => new FilterExamples(filter, Distinct(pictures, scan.Strongest[filter], count, cell => new FilterExample(
                    images[cell.Picture].Id, cell.Value, [cell.Y, cell.X], FieldBox.Of(layer, input, cell.Y, cell.X), cell.Picture)))).ToArray();
                GridTile[] tiles = [.. rows.SelectMany(row => Tiles(pictures, row, range.Count == 1 ? row.Examples.Count : count))];
                var columns = range.Count == 1 ? (int)Math.Ceiling(Math.Sqrt(tiles.Length)) : count;
                var picture = TileGrid.Compose($"{GridTitle.Of(model, layer)}: {scan.Dataset}, {scan.Split}", tiles, columns);
                return new ExampleSheet(rows, encoder.Encode(picture, PictureText.Source(model, scan.Layer, range)));
            });
        }));
    }

    private static List<FilterExample> Distinct(IPixelSource pictures, IReadOnlyList<ScannedCell> strongest, int count, Func<ScannedCell, FilterExample> describe)
    {
        var taken = new List<FilterExample>();
        foreach (var cell in strongest)
        {
            if (taken.Count < count && cell.Value > 0 && taken.TrueForAll(other => Difference(pictures.Pixels(other.Place), pictures.Pixels(cell.Picture)) >= SamePicture))
            {
                taken.Add(describe(cell));
            }
        }

        return taken;
    }

    private static double Difference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        long sum = 0;
        for (var i = 0; i < one.Length; i++)
        {
            sum += Math.Abs(one[i] - other[i]);
        }

        return (double)sum / one.Length;
    }

    /// <summary>A row of one length: where examples are missing, empty tiles.</summary>
    private static IEnumerable<GridTile> Tiles(IPixelSource pictures, FilterExamples row, int length)
    {
        foreach (var example in row.Examples)
        {
            var value = example.Value.ToString("G3", CultureInfo.InvariantCulture);
            yield return new(Crop(SplitPictures.Copy(pictures, example.Place), example.Box), $"{PictureKey.Text(row.Filter)}: {value}", value);
        }

        for (var i = row.Examples.Count; i < Math.Max(1, length); i++)
        {
            yield return new(new Canvas(Side, Side, Missing).Picture, $"{PictureKey.Text(row.Filter)}: none", "none");
        }
    }

    /// <summary>The box with its surroundings, enlarged to the tile's side by the nearest pixel.</summary>
    internal static PixelBuffer Crop(PixelBuffer picture, FieldBox box)
    {
        var (marginX, marginY) = (box.Width * Surround, box.Height * Surround);
        var (width, height) = (box.Width + (2 * marginX), box.Height + (2 * marginY));
        var tile = new PixelBuffer(Side, Side, 3);
        for (var y = 0; y < Side; y++)
        {
            var row = Mirror((int)Math.Floor(box.Top - marginY + ((y + 0.5) * height / Side)), picture.Height);
            for (var x = 0; x < Side; x++)
            {
                var column = Mirror((int)Math.Floor(box.Left - marginX + ((x + 0.5) * width / Side)), picture.Width);
                var from = ((row * picture.Width) + column) * picture.Channels;
                for (var channel = 0; channel < 3; channel++)
                {
                    tile.Data[(((y * Side) + x) * 3) + channel] = picture.Data[from + Math.Min(channel, picture.Channels - 1)];
                }
            }
        }

        var canvas = new Canvas(Side, Side, Missing);
        canvas.Place(tile, 0, 0);
        var (left, top) = ((int)(marginX / width * Side), (int)(marginY / height * Side));
        var (boxWidth, boxHeight) = (Side - (2 * left), Side - (2 * top));
        canvas.Fill(left, top, boxWidth, 1, Frame);
        canvas.Fill(left, top + boxHeight - 1, boxWidth, 1, Frame);
        canvas.Fill(left, top, 1, boxHeight, Frame);
        canvas.Fill(left + boxWidth - 1, top, 1, boxHeight, Frame);
        return canvas.Picture;
    }

    /// <summary>Back and forth between the borders, which are not repeated.</summary>
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

/// <param name="Filters">What was found, in the order of the filters.</param>
/// <param name="Png">The picture of it.</param>
#pragma warning disable CA1819 // The file is the point of this record.
public sealed record ExampleSheet(IReadOnlyList<FilterExamples> Filters, byte[] Png);
#pragma warning restore CA1819

/// <param name="Filter">From 0.</param>
/// <param name="Examples">The strongest first; fewer than asked for where fewer pictures excite it.</param>
public sealed record FilterExamples(int Filter, IReadOnlyList<FilterExample> Examples);

/// <param name="Image">Its id in the data set.</param>
/// <param name="Value">What the filter answers, after its activation function.</param>
/// <param name="Cell">Row and column of the map.</param>
/// <param name="Box">What that cell sees, in pixels of the network's picture; may reach beyond it.</param>
/// <param name="Place">In the split, from 0.</param>
public sealed record FilterExample(string Image, double Value, IReadOnlyList<int> Cell, FieldBox Box, int Place);
