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
            var labelled = accepted.Zip(layout.Placements).ToLookup(pair => pair.Second.IsTaken);
            rejected.AddRange(labelled[false].Select(pair => new RejectedFile(pair.First.Path, pair.Second.Refusal!)));
            List<Labelled> placed = [.. labelled[true].Select(pair => new Labelled(pair.First, pair.Second.Split, pair.Second.Names))];
            return placed.Count == 0
                ? Problem.Unprocessable("dataset.no-classes", $"No image has a label{FirstRejection(rejected)}.")
                : TooManySets(layout, placed) ?? Outcome.Success(Assemble(
                    import, AssignValidation(import, layout, placed), rejected, now,
                    (layout.Task, LostFolders.Note(
                        layout, placed.ConvertAll(p => (p.Image.Path, p.Labels)), rejected, others.Folders))));
        });
    }

    private static Problem? TooManySets(DatasetLayout layout, List<Labelled> placed)
    {
        var sets = layout.Task == DatasetTask.SingleLabel ? 0
            : placed.Select(p => string.Join('\n', p.Labels.Order(StringComparer.Ordinal))).Distinct(StringComparer.Ordinal).Count();
        return sets <= LabelSet.MaxSets ? null : Problem.Unprocessable("dataset.too-many-label-sets",
            $"At most {LabelSet.MaxSets} different combinations of labels are taken, received {sets}.");
    }

    private static DatasetManifest Assemble(
        DatasetImport import, List<Labelled> placed, IReadOnlyList<RejectedFile> rejected, DateTimeOffset now,
        (DatasetTask Task, LayoutDecision Layout) decided)
    {
        var about = new DatasetManifest
        {
            Name = import.Name,
            Classes = [],
            Channels = placed.TrueForAll(p => p.Image.Header.IsGrey) ? 1 : 3,
            Rejected = [.. rejected.OrderBy(file => file.Path, StringComparer.Ordinal)],
            Revision = new(1, RevisionChange.Imported, placed.Count, now),
            Layout = decided.Layout,
            Task = decided.Task,
            Mean = [],
            Std = [],
            Digest = string.Empty,
            CreatedAt = now,
            Bytes = 0,
        };
        var (manifest, _) = RevisionBuilder.Build(about, placed.ConvertAll(p => new PlacedImage(p.Image.Entry, p.Split, p.Labels)));
        var moments = placed.Where(p => p.Split == Split.Train).Aggregate(default(ColorMoments), (sum, p) => sum + p.Image.Moments);
        return manifest.WithStatistics(moments);
    }

    /// <summary>
    /// Draws validation images where the source has none: each by its content, so that an image stays where it is when others are added.
    /// </summary>
    private static List<Labelled> AssignValidation(DatasetImport import, DatasetLayout layout, List<Labelled> placed)
    {
        if (layout.HasSplits && placed.Exists(p => p.Split == Split.Validation))
        {
            return placed;
        }

        var training = placed.FindAll(p => p.Split == Split.Train);
        if (layout.Task == DatasetTask.MultiLabel)
        {
            var several = ValidationDraw.Draw(
                training.Select(p => (p.Image.Sha256, p.Labels)), import.ValidationFraction, import.Seed);
            return placed.ConvertAll(p => Drawn(p, several));
        }

        var drawn = training.GroupBy(p => p.Labels[0], StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => ValidationDraw.Draw(group.Select(p => p.Image.Sha256), import.ValidationFraction, import.Seed),
            StringComparer.Ordinal);
        return placed.ConvertAll(p => p.Split == Split.Train ? Drawn(p, drawn[p.Labels[0]]) : p);
    }

    private static Labelled Drawn(Labelled image, IReadOnlySet<string> validation) =>
        image.Split == Split.Train && validation.Contains(image.Image.Sha256) ? image with { Split = Split.Validation } : image;

    private static string FirstRejection(List<RejectedFile> rejected) =>
        rejected.Count > 0 ? $"; the first, '{rejected[0].Path}': {rejected[0].Reason}" : string.Empty;

    /// <summary>An image that is taken, and its labels.</summary>
    private sealed record Labelled(ImportedImage Image, Split Split, IReadOnlyList<string> Labels);
}
