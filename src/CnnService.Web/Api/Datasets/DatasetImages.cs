using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Datasets;

/// <summary>Reads the image files of data sets.</summary>
internal static class DatasetImages
{
    /// <summary>
    /// A revision of a data set. Problems: <c>dataset.not-found</c>, <c>dataset.revision-not-found</c>, <c>dataset.not-ready</c>.
    /// </summary>
    /// <param name="datasets">The store of data sets.</param>
    /// <param name="folders">Their folders.</param>
    /// <param name="reference"><c>name</c> for the newest revision, or <c>name:revision</c>.</param>
    /// <param name="cancel">Ends the look-up.</param>
    public static async Task<Outcome<DatasetManifest>> ManifestAsync(
        DatasetStore datasets, DataFolders folders, string reference, CancellationToken cancel) =>
        DatasetReference.Parse(reference) is not { } named ? await datasets.NotFoundAsync(reference, cancel)
        : await datasets.FindAsync(named.Name, cancel) switch
        {
            null => await datasets.NotFoundAsync(named.Name, cancel),
            { Status: DatasetStatus.Ready } => DatasetFolder.ReadManifest(folders.Dataset(named.Name), named.Revision),
            var row => DatasetStore.NotReady(row),
        };

    /// <summary>An image's file. The id is looked up in the manifest and never used as a path.</summary>
    public static Task<Outcome<(DatasetImage Image, byte[] File)>> FileAsync(
        DatasetStore datasets, DataFolders folders, string name, string id, CancellationToken cancel) =>
        ManifestAsync(datasets, folders, name, cancel).BindAsync(manifest => Find(manifest, name, id)
            .BindAsync(image => ReadAsync(manifest, folders, image, cancel).MapAsync(file => (image, file))));

    /// <summary>An image by its id. Problem: <c>image.not-found</c>.</summary>
    public static Outcome<DatasetImage> Find(DatasetManifest manifest, string name, string id) => manifest.Images.Find(id) is { } found
        ? found
        : Problem.NotFound("image.not-found", $"The data set '{name}' has no image '{id}'.");

    /// <summary>The file of an image of the data set. Problem: <c>image.missing</c>.</summary>
    public static async Task<Outcome<byte[]>> ReadAsync(
        DatasetManifest manifest, DataFolders folders, DatasetImage image, CancellationToken cancel)
    {
        var path = DatasetFolder.ImagePath(folders.Dataset(manifest.Name), image);
        return File.Exists(path)
            ? await Task.Run(() => RegularFile.ReadAllBytes(path), cancel)
            : Problem.NotFound("image.missing", $"The file of image '{image.Id}' is missing.");
    }

    /// <summary>Several image files, in the order of the ids; null for each that no longer exists.</summary>
    public static async Task<IReadOnlyList<byte[]?>> FilesAsync(
        DatasetStore datasets, DataFolders folders, string name, IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var manifest = await ManifestAsync(datasets, folders, name, cancel);
        var files = new List<byte[]?>();
        foreach (var id in ids)
        {
            var path = manifest.Succeeded && manifest.Value.Images.Find(id) is { } image
                ? DatasetFolder.ImagePath(folders.Dataset(manifest.Value.Name), image)
                : null;
            files.Add(File.Exists(path) ? await Task.Run(() => RegularFile.ReadAllBytes(path), cancel) : null);
        }

        return files;
    }
}
