using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Imaging.Import;

/// <summary>Builds the manifest of imported images: classes and splits, and what follows from them.</summary>
internal static class ManifestBuilder
{
    /// <summary>The manifest of a first revision, with statistics.</summary>
    /// <param name="import">Name, seed, share of validation images and what the sender says about the layout.</param>
    /// <param name="images">All files but the tables, accepted or refused.</param>
    /// <param name="others">The files that may hold labels, and the folders.</param>
    /// <param name="now">Time of creation.</param>
    public static Outcome<DatasetManifest> Build(
        DatasetImport import, List<ImportedImage> images, TableCollector others, DateTimeOffset now)
    {
        ImportedImage[] accepted = [.. images.Where(image => image.Refusal is null)];
        List<RejectedFile> rejected = [
            .. images.Where(image => image.Refusal is not null).Select(image => new RejectedFile(image.Path, image.Refusal!))];
        if (accepted.Length == 0)
        {
            return Problem.Unprocessable("dataset.no-images",
                $"None of the {images.Count} files is an image that can be read{FirstRejection(rejected)}.");
        }

        var known = KnownLabels.Layout(accepted);
        var detected = known is null
            ? LayoutDetector.Detect([.. accepted.Select(image => image.Path)], others.Tables, import.Layout)
            : known.Bind(layout => LayoutDetector.Accept(layout, import.Layout));
        return detected.Bind(layout =>
        {
            var labelled = accepted.Zip(layout.Placements).ToLookup(pair => pair.Second.Class is not null);
            rejected.AddRange(labelled[false].Select(pair => new RejectedFile(pair.First.Path, pair.Second.Refusal!)));
            var placed = labelled[true].Select(pair => (pair.First, pair.Second.Split, pair.Second.Class!)).ToList();
            return placed.Count == 0
                ? Problem.Unprocessable("dataset.no-classes", $"No image has a label{FirstRejection(rejected)}.")
                : Outcome.Success(Assemble(
                    import, AssignValidation(import, layout, placed), rejected, now,
                    LostFolders.Note(layout, placed.ConvertAll(p => (p.First.Path, p.Item3)), rejected, others.Folders)));
        });
    }

    private static DatasetManifest Assemble(
        DatasetImport import, List<(ImportedImage Image, Split Split, string Class)> placed, IReadOnlyList<RejectedFile> rejected,
        DateTimeOffset now, LayoutDecision layout)
    {
        var about = new DatasetManifest
        {
            Name = import.Name,
            Classes = [],
            Channels = placed.TrueForAll(p => p.Image.Header.IsGrey) ? 1 : 3,
            Rejected = [.. rejected.OrderBy(file => file.Path, StringComparer.Ordinal)],
            Revision = new(1, RevisionChange.Imported, placed.Count, now),
            Layout = layout,
            Mean = [],
            Std = [],
            Digest = string.Empty,
            CreatedAt = now,
            Bytes = 0,
        };
        var (manifest, _) = RevisionBuilder.Build(about, placed.ConvertAll(p => new PlacedImage(p.Image.Entry, p.Split, p.Class)));
        var moments = placed.Where(p => p.Split == Split.Train).Aggregate(default(ColorMoments), (sum, p) => sum + p.Image.Moments);
        return manifest.WithStatistics(moments);
    }

    /// <summary>
    /// Draws validation images where the source has none: each by its content, so that an image stays where it is when others are added.
    /// </summary>
    private static List<(ImportedImage Image, Split Split, string Class)> AssignValidation(
        DatasetImport import, DatasetLayout layout, List<(ImportedImage Image, Split Split, string Class)> placed)
    {
        if (layout.HasSplits && placed.Exists(p => p.Split == Split.Validation))
        {
            return placed;
        }

        var drawn = placed.Where(p => p.Split == Split.Train).GroupBy(p => p.Class, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => ValidationDraw.Draw(group.Select(p => p.Image.Sha256), import.ValidationFraction, import.Seed),
            StringComparer.Ordinal);
        return placed.ConvertAll(p => p.Split == Split.Train && drawn[p.Class].Contains(p.Image.Sha256)
            ? (p.Image, Split.Validation, p.Class)
            : p);
    }

    private static string FirstRejection(List<RejectedFile> rejected) =>
        rejected.Count > 0 ? $"; the first, '{rejected[0].Path}': {rejected[0].Reason}" : string.Empty;
}
