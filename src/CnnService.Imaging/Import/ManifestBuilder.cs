using System.Security.Cryptography;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Imaging.Import;

/// <summary>Builds the manifest of imported images: classes, splits, order, digest and notes.</summary>
internal static class ManifestBuilder
{
    /// <summary>The manifest without statistics, and the spool indices of its images, in their order.</summary>
    /// <param name="import">Name, seed, share of validation images and what the sender says about the layout.</param>
    /// <param name="images">All files but the tables, accepted or refused.</param>
    /// <param name="tables">The files that may hold labels.</param>
    /// <param name="now">Time of creation.</param>
    /// <param name="bytes">Total size of the image files.</param>
    public static Outcome<(DatasetManifest Manifest, int[] Numbers)> Build(
        DatasetImport import, List<ImportedImage> images, IReadOnlyList<TableFile> tables, DateTimeOffset now, long bytes)
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
                    import.Name, AssignValidation(import, layout, placed), rejected, now, bytes, new(layout.Kind, layout.Notes)));
        });
    }

    /// <summary>As <see cref="Build"/>, for images whose class and split are known.</summary>
    public static (DatasetManifest Manifest, int[] Numbers) Assemble(
        string name, List<(ImportedImage Image, Split Split, string Class)> placed, IReadOnlyList<RejectedFile> rejected,
        DateTimeOffset now, long bytes, LayoutDecision layout)
    {
        string[] classes = [.. placed.Select(p => p.Class).Distinct().Order(StringComparer.Ordinal)];
        var ordered = placed.OrderBy(p => p.Split).ThenBy(p => p.Class, StringComparer.Ordinal)
            .ThenBy(p => p.Image.Sha256, StringComparer.Ordinal).ThenBy(p => p.Image.Number).ToArray();
        DatasetImage[] images =
        [
            .. ordered.Select(p => new DatasetImage(
                p.Image.Id, p.Split, Array.IndexOf(classes, p.Class), p.Image.Sha256,
                p.Image.Header.MediaType, p.Image.Header.Width, p.Image.Header.Height, p.Image.Path)),
        ];
        var manifest = new DatasetManifest
        {
            Name = name,
            Classes = classes,
            Channels = placed.All(p => p.Image.Header.IsGrey) ? 1 : 3,
            Images = images,
            Rejected = [.. rejected.OrderBy(file => file.Path, StringComparer.Ordinal)],
            Layout = layout,
            Notes = [.. layout.Notes, .. Notes(classes, images)],
            Mean = [],
            Std = [],
            Digest = Digest(classes, images),
            CreatedAt = now,
            Bytes = bytes,
        };
        return (manifest, [.. ordered.Select(p => p.Image.Number)]);
    }

    /// <summary>
    /// Moves a share of each class to validation where the source has no validation split; ordered by content, so the same data
    /// gives the same split.
    /// </summary>
    private static List<(ImportedImage Image, Split Split, string Class)> AssignValidation(
        DatasetImport import, DatasetLayout layout, List<(ImportedImage Image, Split Split, string Class)> placed)
    {
        if (layout.HasSplits && placed.Any(p => p.Split == Split.Validation))
        {
            return placed;
        }

        var result = placed.Where(p => p.Split != Split.Train).ToList();
        foreach (var group in placed.Where(p => p.Split == Split.Train).GroupBy(p => p.Class).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var members = group.OrderBy(p => p.Image.Sha256, StringComparer.Ordinal).ThenBy(p => p.Image.Number).ToArray();
            new CounterRandom((ulong)import.Seed, (ulong)members.Length).Shuffle<(ImportedImage, Split, string)>(members);
            var validation = members.Length < 2
                ? 0
                : Math.Clamp((int)Math.Round(members.Length * import.ValidationFraction), 1, members.Length - 1);
            result.AddRange(members.Select((p, i) => (p.Image, i < validation ? Split.Validation : Split.Train, p.Class)));
        }

        return result;
    }

    private static List<string> Notes(string[] classes, DatasetImage[] images)
    {
        var notes = new List<string>();
        if (classes.Length == 1)
        {
            notes.Add($"There is a single class, '{classes[0]}': nothing can be learned from it.");
        }

        notes.AddRange(classes.Where((_, label) => !images.Any(image => image.Label == label && image.Split == Split.Train))
            .Select(name => $"The class '{name}' has no training images."));
        var shared = images.GroupBy(image => image.Sha256).Count(group => group.Select(image => image.Split).Distinct().Count() > 1);
        if (shared > 0)
        {
            notes.Add($"{shared} images stand in more than one split, byte for byte: validation figures will flatter.");
        }

        return notes;
    }

    private static string Digest(string[] classes, DatasetImage[] images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Array.ForEach(classes, name => hash.AppendData(Encoding.UTF8.GetBytes(name + "\n")));
        Array.ForEach(images, image => hash.AppendData(Encoding.UTF8.GetBytes($"{image.Split}|{image.Label}|{image.Sha256}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string FirstRejection(List<RejectedFile> rejected) =>
        rejected.Count > 0 ? $"; the first, '{rejected[0].Path}': {rejected[0].Reason}" : string.Empty;
}
