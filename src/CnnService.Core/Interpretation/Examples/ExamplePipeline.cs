using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>
/// The images of a data set that filters answer most to. Images that are nearly the same as one before are left out. Problem codes: those
/// of scanning and of reading images. Thread safe.
/// </summary>
/// <param name="scanner">Finds them.</param>
/// <param name="pixels">The data set's images.</param>
/// <param name="encoder">Writes the file.</param>
public sealed class ExamplePipeline(LayerScanner scanner, IPixelCache pixels, IPngEncoder encoder)
{
    /// <summary>Mean difference of two images, levels of 255, under which they are the same to a viewer.</summary>
    private const double SameImage = 4;

    /// <summary>The sheet and its figures. Takes seconds where the layer has not been scanned.</summary>
    /// <param name="plan">What to find.</param>
    /// <param name="cancel">Ends the waiting, and the decoding.</param>
    public Task<Outcome<ExampleSheet>> GetOrRenderAsync(ExamplePlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return scanner.ScanAsync(plan.Model, plan.Layer.Name, plan.Source, cancel).BindAsync(scan => Find(plan, scan, cancel));
    }

    private Outcome<ExampleSheet> Find(ExamplePlan plan, LayerScan scan, CancellationToken cancel)
    {
        var (input, source) = (plan.Model.Network.Spec.Input, plan.Source);
        return pixels.Open(source.Folder, source.Dataset, source.Split, input.Height, input.Width, input.Channels, cancel).Map(images =>
        {
            using var _ = images;
            DatasetImage[] named = [.. source.Dataset.Images.Where(image => image.Split == source.Split)];
            FilterExamples[] rows = [
                .. plan.Range.Filters.Select(
                    filter => new FilterExamples(filter, Distinct(images, scan.Strongest[filter], plan.Count, cell => new ExampleFigures(
                named[cell.Image].Id, cell.Value, [cell.Y, cell.X], FieldBox.Compute(plan.Layer, input, cell.Y, cell.X), cell.Image))))];
            return new ExampleSheet(rows,
                encoder.Encode(ExampleImage.Draw(plan, images, rows), PngText.Source(plan.Model, plan.Layer.Name, plan.Range)));
        });
    }

    private static List<ExampleFigures> Distinct(
        IPixelSource images, IReadOnlyList<ScannedCell> strongest, int count, Func<ScannedCell, ExampleFigures> describe)
    {
        var taken = new List<ExampleFigures>();
        foreach (var cell in strongest)
        {
            if (taken.Count < count && cell.Value > 0
                && taken.TrueForAll(other => Difference(images.Pixels(other.Place), images.Pixels(cell.Image)) >= SameImage))
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
}
