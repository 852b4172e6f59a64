using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Imaging.Import;

/// <summary>The layout of images that came with their labels.</summary>
internal static class KnownLabels
{
    /// <summary>
    /// Null where none did. Problem: <c>dataset.layout-ambiguous</c> where files of two kinds hold images. Images beside such files are
    /// left out.
    /// </summary>
    /// <param name="images">All images that can be read.</param>
    public static Outcome<DatasetLayout>? Layout(IReadOnlyCollection<ImportedImage> images)
    {
        LayoutKind[] kinds = [.. images.Select(image => image.Known?.Kind).OfType<LayoutKind>().Distinct()];
        if (kinds.Length == 0)
        {
            return null;
        }

        var kind = kinds[0];
        if (kinds.Length > 1)
        {
            return Problem.Unprocessable("dataset.layout-ambiguous",
                $"The layout can be read in more than one way: there are {WireName.Choice(kinds)} files with images. Send layout with one "
                + "of them.");
        }

        var isSeveral = images.Any(image => image.Known is { IsList: true, Labels.Count: not 1 });
        Placement[] placements = [.. images.Select(image => image.Known is { } known
            ? Placed(known, isSeveral)
            : Placement.LeftOut($"it lies beside {kind.ToWireName()} files, which hold the images"))];
        var unlabelled = images.Count(image => image.Known is { Labels: null });
        var beside = images.Count(image => image.Known is null);
        List<string> notes = [$"The images and their labels were read from {kind.ToWireName()} files."];
        if (unlabelled > 0)
        {
            notes.Add($"{unlabelled} images have no label there and were left out.");
        }

        if (beside > 0)
        {
            notes.Add($"{beside} images lie beside these files and were left out.");
        }

        if (isSeveral)
        {
            notes.Add(DatasetLayout.DescribeSeveral(placements));
        }

        return new DatasetLayout(kind, images.Any(image => image.Known?.Split is not null), placements, notes)
        {
            Task = isSeveral ? DatasetTask.MultiLabel : DatasetTask.SingleLabel,
        };
    }

    private static Placement Placed(KnownLabel known, bool isSeveral) =>
        isSeveral && known.Labels is not null
            ? Placement.CreateSeveral(known.Split ?? Split.Train, known.Labels)
            : Placement.Create(known.Split ?? Split.Train, known.Labels?[0]);
}
