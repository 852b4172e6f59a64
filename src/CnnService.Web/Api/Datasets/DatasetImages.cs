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
    public static Task<Outcome<DatasetManifest>> ManifestAsync(
        DatasetStore datasets, DataFolders folders, string reference, CancellationToken cancel) =>
        FindAsync(datasets, folders, reference, folders.EnsureDatasetAsync, cancel);

    /// <summary>As <see cref="ManifestAsync"/>, for who reads none of the images' files, or only some by <see cref="ReadAsync"/>.</summary>
    public static Task<Outcome<DatasetManifest>> DescriptionAsync(
        DatasetStore datasets, DataFolders folders, string reference, CancellationToken cancel) =>
        FindAsync(datasets, folders, reference, folders.EnsureRevisionsAsync, cancel);

    /// <summary>An image's file. The id is looked up in the manifest and never used as a path.</summary>
    public static Task<Outcome<(DatasetImage Image, byte[] File)>> FileAsync(
        DatasetStore datasets, DataFolders folders, string name, string id, CancellationToken cancel) =>
        DescriptionAsync(datasets, folders, name, cancel).BindAsync(manifest => Find(manifest, name, id)
            .BindAsync(image => ReadAsync(manifest, folders, image, cancel).MapAsync(file => (image, file))));

    /// <summary>An image by its id. Problem: <c>image.not-found</c>.</summary>
    public static Outcome<DatasetImage> Find(DatasetManifest manifest, string name, string id) => manifest.Images.Find(id) is { } found
        ? found
        : Problem.NotFound("image.not-found", $"The data set '{name}' has no image '{id}'.");

    /// <summary>The file of an image of the data set. Problem: <c>image.missing</c>.</summary>
    public static async Task<Outcome<byte[]>> ReadAsync(
        DatasetManifest manifest, DataFolders folders, DatasetImage image, CancellationToken cancel)
    {
        var path = await folders.EnsureImageAsync(manifest.Name, image, cancel);
        return File.Exists(path)
            ? await Task.Run(() => RegularFile.ReadAllBytes(path), cancel)
            : Problem.NotFound("image.missing", $"The file of image '{image.Id}' is missing.");
    }

    /// <summary>Several image files, in the order of the ids; null for each that no longer exists.</summary>
    public static async Task<IReadOnlyList<byte[]?>> FilesAsync(
        DatasetStore datasets, DataFolders folders, string name, IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var manifest = await DescriptionAsync(datasets, folders, name, cancel);
        var files = new List<byte[]?>();
        foreach (var id in ids)
        {
            var path = manifest.Succeeded && manifest.Value.Images.Find(id) is { } image
                ? await folders.EnsureImageAsync(manifest.Value.Name, image, cancel)
                : null;
            files.Add(File.Exists(path) ? await Task.Run(() => RegularFile.ReadAllBytes(path), cancel) : null);
        }

        return files;
    }

    private static async Task<Outcome<DatasetManifest>> FindAsync(
        DatasetStore datasets, DataFolders folders, string reference, Func<string, string?, CancellationToken, Task> bringAsync,
        CancellationToken cancel)
    {
        if (DatasetReference.Parse(reference) is not { } named)
        {
            return await datasets.NotFoundAsync(reference, cancel);
        }

        var row = await datasets.FindAsync(named.Name, cancel);
        if (row is not { Status: DatasetStatus.Ready })
        {
            return row is null ? await datasets.NotFoundAsync(named.Name, cancel) : DatasetStore.NotReady(row);
        }

        await bringAsync(row.Name, row.Files, cancel);
        return DatasetFolder.ReadManifest(folders.Dataset(named.Name), named.Revision);
    }
}
