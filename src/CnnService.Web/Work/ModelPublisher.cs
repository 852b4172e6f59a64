using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Publishes packages as model versions: folder and row in one transaction that locks the model's row. A folder that a crash left without
/// its row is found again by the id of its run or import, so that neither ever yields two versions.
/// </summary>
internal sealed class ModelPublisher(ModelStore models, DataFolders folders)
{
    /// <summary>Publishes within the caller's transaction; may be called again if that is retried.</summary>
    /// <param name="context">A context with an open transaction.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="id">Id of the run or import that produced the package; each yields one version.</param>
    /// <param name="package">Folder of the package; it is moved.</param>
    /// <param name="files">What <see cref="UploadAsync"/> returned.</param>
    /// <param name="by">Who publishes it, for the alias history.</param>
    /// <param name="cancel">Cancels the database operations; the caller's transaction then rolls back.</param>
    public Task<int> PublishAsync(
        StoreContext context, string model, string id, string package, string? files, string by, CancellationToken cancel) =>
        models.PublishAsync(context, model, id, by, files, next => Place(model, id, package, files, next), cancel);

    /// <summary>Publishes in a transaction of its own, for packages that were not produced under a lease.</summary>
    public async Task<int> PublishAsync(string model, string id, string package, string by, CancellationToken cancel)
    {
        var files = await UploadAsync(model, id, package, cancel);
        return await models.PublishAsync(model, id, by, files, next => Place(model, id, package, files, next), cancel);
    }

    /// <summary>Puts a package into the store of artifacts, before a row tells of it; null without one.</summary>
    public Task<string?> UploadAsync(string model, string id, string package, CancellationToken cancel) =>
        folders.Copies.UploadAsync(package, ObjectKeys.Version(model, id), before: null, isPart: null, cancel);

    /// <summary>Moves the package to the folder of the first unused number from <paramref name="next"/> on; returns the number.</summary>
    private int Place(string model, string id, string package, string? files, int next)
    {
        Directory.CreateDirectory(folders.Model(model));
        if (files is not null)
        {
            var made = Stray(model, id) is { } stray ? folders.ModelVersion(model, stray) : package;
            PlaceCopy(made, folders.ModelVersion(model, next), files);
            return next;
        }

        if (Stray(model, id) is { } known)
        {
            return known;
        }

        var version = next;
        while (Directory.Exists(folders.ModelVersion(model, version)))
        {
            version++; // Left without its row by a crash of another run.
        }

        DurableFile.PublishFolder(package, folders.ModelVersion(model, version));
        return version;
    }

    /// <summary>Numbers are given by the rows alone: what lies in the place of a copy is of no version.</summary>
    private void PlaceCopy(string package, string target, string files)
    {
        if (package != target)
        {
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            DurableFile.PublishFolder(package, target);
        }

        folders.Copies.Adopt(target, files);
    }

    /// <summary>Version folder of this run that a crash left without its row; null if there is none.</summary>
    private int? Stray(string model, string runId) => Directory.EnumerateDirectories(folders.Model(model))
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Where(folder => ModelPackage.Open(folder) is { Succeeded: true } package && package.Value.Origin?.RunId == runId)
        .Select(folder => (int?)int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
