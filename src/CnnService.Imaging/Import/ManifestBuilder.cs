using System.Security.Cryptography;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Imaging.Import;

/// <summary>Builds the manifest of imported images: classes, splits, order, digest and notes.</summary>
internal static class ManifestBuilder
{
    /// <summary>The manifest without statistics, and the spool indices of its images, in their order.</summary>
    public static Outcome<(DatasetManifest Manifest, int[] Numbers)> Build(DatasetImport import, List<ImportedPicture> pictures, DateTimeOffset now, long bytes)
    {
        var layout = Layout.Of([.. pictures.Select(picture => picture.Path)]);
        var rejected = new List<RejectedFile>();
        var placed = new List<(ImportedPicture Picture, Split Split, string Class)>();
        foreach (var picture in pictures)
        {
            var place = layout.Place(picture.Path);
            if (picture.Refusal is not null || place.Problem is not null)
            {
                rejected.Add(new(picture.Path, picture.Refusal ?? place.Problem!.Detail));
            }
            else
            {
                placed.Add((picture, place.Value.Split, place.Value.Class));
            }
        }

        if (placed.Count == 0)
        {
            return pictures.Count > rejected.Count || pictures.Any(p => p.Refusal is null)
                ? Problem.Unprocessable("dataset.no-classes", "No picture lies in a folder named after its class.")
                : Problem.Unprocessable("dataset.no-images", $"None of the {pictures.Count} files is a picture that can be read{Example(rejected)}.");
        }

        return Assemble(import.Name, Divide(import, layout, placed), rejected, now, bytes);
    }

    /// <summary>As <see cref="Build"/>, for images whose class and split are known.</summary>
    public static (DatasetManifest Manifest, int[] Numbers) Assemble(
        string name, List<(ImportedPicture Picture, Split Split, string Class)> placed, IReadOnlyList<RejectedFile> rejected, DateTimeOffset now, long bytes)
    {
        string[] classes = [.. placed.Select(p => p.Class).Distinct().Order(StringComparer.Ordinal)];
        var ordered = placed.OrderBy(p => p.Split).ThenBy(p => p.Class, StringComparer.Ordinal)
            .ThenBy(p => p.Picture.Sha256, StringComparer.Ordinal).ThenBy(p => p.Picture.Number).ToArray();
        DatasetImage[] images =
        [
            .. ordered.Select(p => new DatasetImage(
                p.Picture.Id, p.Split, Array.IndexOf(classes, p.Class), p.Picture.Sha256,
                p.Picture.Header.MediaType, p.Picture.Header.Width, p.Picture.Header.Height, p.Picture.Path)),
        ];
        var manifest = new DatasetManifest
        {
            Name = name,
            Classes = classes,
            Channels = placed.All(p => p.Picture.Header.IsGrey) ? 1 : 3,
            Images = images,
            Rejected = [.. rejected.OrderBy(file => file.Path, StringComparer.Ordinal)],
            Notes = Notes(classes, images),
            Mean = [],
            Std = [],
            Digest = Digest(classes, images),
            CreatedAt = now,
            Bytes = bytes,
        };
        return (manifest, [.. ordered.Select(p => p.Picture.Number)]);
    }

    /// <summary>
    /// Moves a share of each class to validation where the source has no validation split; ordered by content, so the same data
    /// gives the same split.
    /// </summary>
    private static List<(ImportedPicture Picture, Split Split, string Class)> Divide(
        DatasetImport import, Layout layout, List<(ImportedPicture Picture, Split Split, string Class)> placed)
    {
        if (layout.HasSplits && placed.Any(p => p.Split == Split.Validation))
        {
            return placed;
        }

        var result = placed.Where(p => p.Split != Split.Train).ToList();
        foreach (var group in placed.Where(p => p.Split == Split.Train).GroupBy(p => p.Class).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var members = group.OrderBy(p => p.Picture.Sha256, StringComparer.Ordinal).ThenBy(p => p.Picture.Number).ToArray();
            new CounterRandom((ulong)import.Seed, (ulong)members.Length).Shuffle<(ImportedPicture, Split, string)>(members);
            var validation = members.Length < 2 ? 0 : Math.Clamp((int)Math.Round(members.Length * import.ValidationFraction), 1, members.Length - 1);
            result.AddRange(members.Select((p, i) => (p.Picture, i < validation ? Split.Validation : Split.Train, p.Class)));
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
            .Select(name => $"The class '{name}' has no training pictures."));
        var shared = images.GroupBy(image => image.Sha256).Count(group => group.Select(image => image.Split).Distinct().Count() > 1);
        if (shared > 0)
        {
            notes.Add($"{shared} pictures stand in more than one split, byte for byte: validation figures will flatter.");
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

    private static string Example(List<RejectedFile> rejected) =>
        rejected.Count > 0 ? $"; the first, '{rejected[0].Path}': {rejected[0].Reason}" : string.Empty;
}
