using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Datasets;

/// <summary>Reads the image files of data sets.</summary>
internal static class DatasetImages
{
    /// <summary>The manifest of a data set. Problems: <c>dataset.not-found</c>, <c>dataset.not-ready</c>.</summary>
    public static async Task<Outcome<DatasetManifest>> ManifestAsync(
        DatasetStore datasets, DataFolders folders, string name, CancellationToken cancel) =>
        await datasets.FindAsync(name, cancel) switch
        {
            null => await datasets.NotFoundAsync(name, cancel),
            { Status: DatasetStatus.Ready } => DatasetFolder.ReadManifest(folders.Dataset(name)),
            var row => DatasetStore.NotReady(row),
        };

    /// <summary>An image's file. The id is looked up in the manifest and never used as a path.</summary>
    public static Task<Outcome<(DatasetImage Image, byte[] File)>> FileAsync(
        DatasetStore datasets, DataFolders folders, string name, string id, CancellationToken cancel) =>
        ManifestAsync(datasets, folders, name, cancel).BindAsync(manifest => ReadAsync(manifest, folders, name, id, cancel));

    private static async Task<Outcome<(DatasetImage Image, byte[] File)>> ReadAsync(
        DatasetManifest manifest, DataFolders folders, string name, string id, CancellationToken cancel)
    {
        if (manifest.Images.FirstOrDefault(image => image.Id == id) is not { } found)
        {
            return Problem.NotFound("image.not-found", $"The data set '{name}' has no image '{id}'.");
        }

        var path = Path.Combine(folders.Dataset(name), DatasetFolder.ImagesFolder, found.Id);
        return File.Exists(path)
            ? (found, await Task.Run(() => RegularFile.ReadAllBytes(path), cancel))
            : Problem.NotFound("image.missing", $"The file of image '{id}' is missing.");
    }

    /// <summary>Several image files, in the order of the ids; null for each that no longer exists.</summary>
    public static async Task<IReadOnlyList<byte[]?>> FilesAsync(
        DatasetStore datasets, DataFolders folders, string name, IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var manifest = await ManifestAsync(datasets, folders, name, cancel);
        var known = manifest.Succeeded ? manifest.Value.Images.Select(image => image.Id).Intersect(ids).ToHashSet() : [];
        var files = new List<byte[]?>();
        foreach (var id in ids)
        {
            var path = Path.Combine(folders.Dataset(name), DatasetFolder.ImagesFolder, id);
            files.Add(known.Contains(id) && File.Exists(path) ? await Task.Run(() => RegularFile.ReadAllBytes(path), cancel) : null);
        }

        return files;
    }
}
