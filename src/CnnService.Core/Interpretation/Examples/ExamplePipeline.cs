using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Interpretation.Scans;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>
/// Finds the images of a data set that activate filters most. Near duplicates of an earlier image are skipped. Problem codes: those of
/// scanning and of reading images. Thread safe.
/// </summary>
/// <param name="scanner">Finds the strongest cells.</param>
/// <param name="pixels">Gives the pixels of the data set.</param>
public sealed class ExamplePipeline(LayerScanner scanner, IPixelCache pixels)
{
    /// <summary>Images whose mean absolute difference, in levels of 0–255, is below this count as duplicates.</summary>
    private const double DuplicateDifference = 4;

    /// <summary>The sheet and its numbers. Takes seconds if the layer has not been scanned.</summary>
    /// <param name="plan">Layer, filters and images.</param>
    /// <param name="cancel">Ends the wait and the decoding.</param>
    public Task<Outcome<ExampleSheet>> GetOrRenderAsync(ExamplePlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return scanner.ScanAsync(plan.Scan, cancel).BindAsync(scan => Draw(plan, scan, cancel));
    }

    /// <summary>The same if the layer has been scanned, else null.</summary>
    /// <param name="plan">Layer, filters and images.</param>
    /// <param name="cancel">Ends the decoding.</param>
    public Outcome<ExampleSheet>? Find(ExamplePlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return scanner.Find(plan.Scan) is { } scan ? Draw(plan, scan, cancel) : null;
    }

    private Outcome<ExampleSheet> Draw(ExamplePlan plan, LayerScan scan, CancellationToken cancel)
    {
        var (input, source) = (plan.Model.Network.Spec.Input, plan.Source);
        return pixels.Open(source.Folder, source.Dataset, source.Split, input.Height, input.Width, input.Channels, cancel).Map(images =>
        {
            using var _ = images;
            var named = source.Dataset.Images.Of(source.Split);
            FilterExamples[] rows = [
                .. plan.Range.Filters.Select(
                    filter => new FilterExamples(filter, Distinct(images, scan.Strongest[filter], plan.Count, cell => new ExampleFigures(
                named[cell.Image].Id, cell.Value, [cell.Y, cell.X], FieldBox.Compute(plan.Layer, input, cell.Y, cell.X), cell.Image))))];
            return new ExampleSheet(rows, new DrawnFigure(
                ExampleImage.Draw(plan, images, rows), PngText.Source(plan.Model, plan.Layer.Name, plan.Range), plan.ETag));
        });
    }

    private static List<ExampleFigures> Distinct(
        IPixelSource images, IReadOnlyList<ScannedCell> strongest, int count, Func<ScannedCell, ExampleFigures> describe)
    {
        var taken = new List<ExampleFigures>();
        foreach (var cell in strongest)
        {
            if (taken.Count < count && cell.Value > 0
                && taken.TrueForAll(other => Difference(images.Pixels(other.Place), images.Pixels(cell.Image)) >= DuplicateDifference))
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
