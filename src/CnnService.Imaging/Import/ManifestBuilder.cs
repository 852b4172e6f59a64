using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Imaging.Import;

/// <summary>Builds the manifest of imported images: classes and splits, and what follows from them.</summary>
internal static class ManifestBuilder
{
    /// <summary>Lost folders named in the notes.</summary>
    private const int MaxNamed = 10;

    /// <summary>The manifest of a first revision, with statistics.</summary>
    /// <param name="import">Name, seed, share of validation images and what the sender says about the layout.</param>
    /// <param name="images">All files but the tables, accepted or refused.</param>
    /// <param name="tables">The files that may hold labels.</param>
    /// <param name="now">Time of creation.</param>
    public static Outcome<DatasetManifest> Build(
        DatasetImport import, List<ImportedImage> images, IReadOnlyList<TableFile> tables, DateTimeOffset now)
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
            ? LayoutDetector.Detect([.. accepted.Select(image => image.Path)], tables, import.Layout)
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
                    new(layout.Kind, [.. layout.Notes, .. LostFolders(placed.Select(p => p.First.Path), rejected)])));
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

    /// <summary>A note for each folder beside those of the images none of whose files was taken: a class is missing then.</summary>
    private static IEnumerable<string> LostFolders(IEnumerable<string> taken, IEnumerable<RejectedFile> rejected)
    {
        var folders = taken.Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        var parents = folders.Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        return rejected.GroupBy(file => FolderOf(file.Path), StringComparer.Ordinal)
            .Where(group => group.Key.Length > 0 && !folders.Contains(group.Key) && parents.Contains(FolderOf(group.Key)))
            .OrderBy(group => group.Key, StringComparer.Ordinal).Take(MaxNamed)
            .Select(group => $"None of the {group.Count()} files in the folder '{group.Key}' could be taken, so that no class comes of it "
                + $"here; the first: {group.First().Reason}");
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is >= 0 and var end ? path[..end] : string.Empty;

    private static string FirstRejection(List<RejectedFile> rejected) =>
        rejected.Count > 0 ? $"; the first, '{rejected[0].Path}': {rejected[0].Reason}" : string.Empty;
}
