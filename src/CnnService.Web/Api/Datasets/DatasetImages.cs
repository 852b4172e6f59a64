using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Datasets;

/// <summary>Reads the image files of data sets.</summary>
internal static class DatasetImages
{
    /// <summary>The manifest of a data set. Problems: <c>dataset.not-found</c>, <c>dataset.not-ready</c>.</summary>
    public static async Task<Outcome<DatasetManifest>> ManifestAsync(DatasetStore datasets, DataFolders folders, string name) =>
        await datasets.FindAsync(name) switch
        {
            null => Problem.NotFound("dataset.not-found", $"There is no data set '{name}'."),
            { Status: DatasetStatus.Ready } => DatasetFolder.ReadManifest(folders.Dataset(name)),
            _ => Problem.Conflict("dataset.not-ready", $"The data set '{name}' is not ready."),
        };

    /// <summary>An image's file. The id is looked up in the manifest and never used as a path.</summary>
    public static async Task<Outcome<(DatasetImage Image, byte[] File)>> FileAsync(
        DatasetStore datasets, DataFolders folders, string name, string id)
    {
        var manifest = await ManifestAsync(datasets, folders, name);
        if (manifest.Problem is { } problem)
        {
            return problem;
        }

        if (manifest.Value.Images.FirstOrDefault(image => image.Id == id) is not { } found)
        {
            return Problem.NotFound("image.not-found", $"The data set '{name}' has no image '{id}'.");
        }

        var path = Path.Combine(folders.Dataset(name), DatasetFolder.ImagesFolder, found.Id);
        return File.Exists(path)
            ? (found, await Task.Run(() => RegularFile.ReadAllBytes(path)))
            : Problem.NotFound("image.missing", $"The file of image '{id}' is gone.");
    }

    /// <summary>Several image files, in the order of the ids; null for each that no longer exists.</summary>
    public static async Task<IReadOnlyList<byte[]?>> FilesAsync(
        DatasetStore datasets, DataFolders folders, string name, IReadOnlyList<string> ids)
    {
        var manifest = await ManifestAsync(datasets, folders, name);
        var known = manifest.Succeeded ? manifest.Value.Images.Select(image => image.Id).Intersect(ids).ToHashSet() : [];
        var files = new List<byte[]?>();
        foreach (var id in ids)
        {
            var path = Path.Combine(folders.Dataset(name), DatasetFolder.ImagesFolder, id);
            files.Add(known.Contains(id) && File.Exists(path) ? await Task.Run(() => RegularFile.ReadAllBytes(path)) : null);
        }

        return files;
    }

    /// <summary>GET /datasets/{name}/images/{id}.</summary>
    public static async Task<IResult> GetAsync(
        HttpContext http, DatasetStore datasets, DataFolders folders, IThumbnailer thumbnailer, string name, string id, int? size)
    {
        if (size is < 16 or > 1024)
        {
            return Problem.Invalid("request.invalid", $"size must be between 16 and 1024, received {size}.").ToResult();
        }

        var file = await FileAsync(datasets, folders, name, id);
        return file.ToIResult(found =>
        {
            var (image, bytes) = found;
            var shown = size is null ? (Outcome<byte[]>)bytes : thumbnailer.Create(bytes, size.Value);
            http.Response.Headers.ContentDisposition = "inline; filename=\"image\"";
            return shown.ToIResult(content => TypedResults.File(content, size is null ? image.MediaType : "image/jpeg"));
        });
    }
}
