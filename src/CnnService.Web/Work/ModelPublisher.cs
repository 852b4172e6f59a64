using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Makes a package a version of its model: its folder and its row within one change, under the lock of the model's row. Whatever a crash
/// left between the two is found again by the id of the run or import, so that none gives two versions.
/// </summary>
internal sealed class ModelPublisher(ModelStore models, DataFolders folders)
{
    /// <summary>Publishes within a transaction of the caller's; may be called again where that breaks.</summary>
    /// <param name="context">With a transaction.</param>
    /// <param name="model">Its name.</param>
    /// <param name="id">Of the run or import that the package came from: one version each.</param>
    /// <param name="package">Its folder, which is moved.</param>
    /// <param name="by">Who publishes it.</param>
    /// <param name="cancel">Takes the row back.</param>
    public Task<int> PublishAsync(StoreContext context, string model, string id, string package, string by, CancellationToken cancel) =>
        models.PublishAsync(context, model, id, by, next => Place(model, id, package, next), cancel);

    /// <summary>The same for what no lease holds.</summary>
    public Task<int> PublishAsync(string model, string id, string package, string by, CancellationToken cancel) =>
        models.PublishAsync(model, id, by, next => Place(model, id, package, next), cancel);

    /// <summary>Moves the package to the folder of the first free number from <paramref name="next"/> on.</summary>
    private int Place(string model, string id, string package, int next)
    {
        Directory.CreateDirectory(folders.Model(model));
        if (Stray(model, id) is { } known)
        {
            return known;
        }

        var version = next;
        while (Directory.Exists(folders.ModelVersion(model, version)))
        {
            version++; // Of another run, which a crash left without its row.
        }

        DurableFile.PublishFolder(package, folders.ModelVersion(model, version));
        return version;
    }

    /// <summary>A version folder of this run that a crash left without its row.</summary>
    private int? Stray(string model, string runId) => Directory.EnumerateDirectories(folders.Model(model))
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Where(folder => ModelPackage.Open(folder) is { Succeeded: true } package && package.Value.Origin?.RunId == runId)
        .Select(folder => (int?)int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
