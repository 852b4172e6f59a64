using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>
/// The layout of a data set's folder: <c>images/</c> holds each image file once, under its SHA-256; <c>revisions/</c> an immutable file for
/// each revision, named by number and hash, of which the one with the highest number is the newest.
/// </summary>
public static class DatasetFolder
{
    public const string ImagesFolder = "images";

    public const string RevisionsFolder = "revisions";

    /// <summary>Whether the folder holds a data set that is complete.</summary>
    public static bool Exists(string folder) => RevisionName.In(Path.Combine(folder, RevisionsFolder)).Count > 0;

    /// <summary>
    /// Reads a revision, but for its images. Problem codes: <c>dataset.not-found</c> where there is no data set,
    /// <c>dataset.revision-not-found</c> where it does not have the revision, <c>dataset.corrupt</c> where it cannot be read.
    /// </summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="revision">Its number; null: the newest one.</param>
    public static Outcome<DatasetManifest> ReadManifest(string folder, int? revision = null)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        var known = RevisionName.In(Path.Combine(folder, RevisionsFolder));
        if (known.Count == 0)
        {
            return Problem.NotFound("dataset.not-found", $"There is no data set '{name}', or it is not complete.");
        }

        RevisionName[] wanted = [.. known.Where(file => file.Number == (revision ?? known[^1].Number))];
        if (wanted.Length == 0)
        {
            return Problem.NotFound("dataset.revision-not-found",
                $"The data set '{name}' has no revision {revision}: it has {known[0].Number} to {known[^1].Number}.");
        }

        try
        {
            return wanted.Length == 1 ? Read(folder, wanted[0]) : Corrupt(name, $"it has revision {wanted[0].Number} twice");
        }
        catch (Exception failure) when (failure is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            return Corrupt(name, failure.Message);
        }
    }

    /// <summary>The revisions of a data set, newest first, from the one before a number on.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="before">Only those with lower numbers; null: all.</param>
    /// <param name="limit">At most as many.</param>
    public static Outcome<IReadOnlyList<DatasetManifest>> ReadRevisions(string folder, int? before, int limit) =>
        Outcome.All(RevisionName.In(Path.Combine(folder, RevisionsFolder)).Where(file => before is null || file.Number < before)
            .Reverse().Take(limit).Select(file => ReadManifest(folder, file.Number)));

    /// <summary>Writes a revision whose images lie in memory, whole. Its image files must be there, flushed.</summary>
    /// <returns>The revision as it is read from its file.</returns>
    public static DatasetManifest Publish(string folder, DatasetManifest dataset) => Publish(folder, dataset, null);

    /// <summary>The path of an image's file.</summary>
    public static string ImagePath(string folder, DatasetImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Path.Combine(folder, ImagesFolder, image.Sha256);
    }

    /// <summary>
    /// Reads and decodes an image of the data set. Problem codes: <c>dataset.image-missing</c>, <c>dataset.image-unreadable</c>.
    /// </summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="image">The image.</param>
    /// <param name="decode">Decodes the bytes of the file.</param>
    public static Outcome<PixelBuffer> DecodeImage(string folder, DatasetImage image, Func<byte[], Outcome<PixelBuffer>> decode)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(decode);
        var file = ImagePath(folder, image);
        return File.Exists(file)
            ? decode(RegularFile.ReadAllBytes(file)).MapProblem(unreadable => Problem.Unprocessable(
                "dataset.image-unreadable", $"The image '{image.Id}' of the data set can no longer be read: {unreadable.Detail}"))
            : Problem.Unprocessable("dataset.image-missing", $"The file of image '{image.Id}' of the data set is missing.");
    }

    internal static DatasetManifest Publish(string folder, DatasetManifest dataset, RevisionBase? changed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        RevisionWriter.Write(Directory.CreateDirectory(Path.Combine(folder, RevisionsFolder)).FullName, dataset, changed);
        return ReadManifest(folder, dataset.Revision.Number).Value;
    }

    private static DatasetManifest Read(string folder, RevisionName name)
    {
        var own = RevisionFile.Open(Path.Combine(folder, RevisionsFolder, name.FileName));
        var root = own.Header.Base is { } file
            ? RevisionFile.Open(Path.Combine(folder, RevisionsFolder, file))
            : null;
        var dataset = own.Header.Dataset;
        return dataset with
        {
            Revision = dataset.Revision with { Hash = name.Hash },
            Images = new StoredImages(own, root),
            Rejected = new StoredRejections(root ?? own),
        };
    }

    private static Problem Corrupt(string name, string fault) =>
        new(ProblemKind.Internal, "dataset.corrupt", $"A revision of data set '{name}' does not read: {fault}");
}
