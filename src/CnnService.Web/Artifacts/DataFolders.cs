using System.Globalization;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Web.Artifacts;

/// <summary>The paths of all data of the service, below one root folder.</summary>
internal sealed class DataFolders(string root)
{
    public const string Setting = "DataDirectory";

    public const string Default = "cnnservice-data";

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>What brings content to the folders where it lies in a store of its own; by default it does not.</summary>
    public FolderCopies Copies { get; init; } = new(null, Path.GetFullPath(root), new(), TimeProvider.System);

    public string Database => Path.Combine(Root, "cnnservice.db");

    /// <summary>Is there from when a copy to this directory begins until it is complete.</summary>
    public string UnfinishedCopy => Path.Combine(Root, "copy-unfinished");

    /// <summary>Copies of the database, made by the service.</summary>
    public string Backups => Path.Combine(Root, "backups");

    /// <summary>How fast the machine was measured to be.</summary>
    public string Speed => Path.Combine(Root, "machine.json");

    public string Lock => Path.Combine(Root, "service.lock");

    public string Datasets => Path.Combine(Root, "datasets");

    public string Runs => Path.Combine(Root, "runs");

    public string Models => Path.Combine(Root, "models");

    public string Comparisons => Path.Combine(Root, "comparisons");

    /// <summary>Predictions of whole data sets, one folder per job.</summary>
    public string Classifications => Path.Combine(Root, "classifications");

    /// <summary>Images captured with their predictions, one folder per model.</summary>
    public string Captured => Path.Combine(Root, "captured");

    public string PixelCache => Path.Combine(Root, "cache", "pixels");

    /// <summary>Features of images; can be deleted at any time.</summary>
    public string FeatureCache => Path.Combine(Root, "cache", "features");

    public string ImageCache => Path.Combine(Root, "cache", "images");

    /// <summary>Model packages made of the trained starts; made again where they are missing.</summary>
    public string Starts => Path.Combine(Root, "starts");

    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>ASP.NET data protection keys, used by the dashboard's forms.</summary>
    public string Keys => Path.Combine(Root, "keys");

    public string Dataset(string name) => Path.Combine(Datasets, name);

    public string Run(string id) => Path.Combine(Runs, id);

    /// <summary>Where the newest attempt at a run writes, or wrote, what <c>RunFolder</c> names.</summary>
    public string RunFiles(string id) => AttemptFolders.Newest(Run(id)) ?? Run(id);

    /// <summary>Data sets that are being imported.</summary>
    public string Imports => Path.Combine(Root, "imports");

    public string Import(string dataset) => Path.Combine(Imports, dataset);

    public string Comparison(string id) => Path.Combine(Comparisons, id);

    /// <summary>Baselines: predictions of versions on validation images, for versions that do not contain their own.</summary>
    public string Baselines => Path.Combine(Root, "baselines");

    public string Classification(string id) => Path.Combine(Classifications, id);

    public string CapturedOf(string model) => Path.Combine(Captured, model);

    public string Model(string name) => Path.Combine(Models, name);

    public string ModelVersion(string name, int version) =>
        Path.Combine(Models, name, version.ToString(CultureInfo.InvariantCulture));

    /// <summary>Creates missing folders.</summary>
    /// <exception cref="StartRefusedException">A folder cannot be created.</exception>
    public void Create()
    {
        try
        {
            foreach (var folder in new[] { Datasets, Imports, Runs, Models, Comparisons, Classifications, Captured, PixelCache, ImageCache,
                Uploads })
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The data directory '{Root}' cannot be used: {failure.Message} Give another one with DataDirectory, or change who may "
                + $"write there.");
        }
    }

    /// <summary>Makes the files of a data set be here; at once where they are.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="files">Key of its files, from its row.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    public Task EnsureDatasetAsync(string name, string? files, CancellationToken cancel) =>
        Copies.EnsureAsync(Dataset(name), files, isWanted: null, cancel);

    /// <summary>As <see cref="EnsureDatasetAsync"/>, but for the images, which <see cref="EnsureImageAsync"/> brings.</summary>
    public Task EnsureRevisionsAsync(string name, string? files, CancellationToken cancel) => Copies.EnsureAsync(
        Dataset(name), files, path => path.StartsWith(DatasetFolder.RevisionsFolder + "/", StringComparison.Ordinal), cancel);

    /// <summary>Makes an image's file be here, of a data set whose revisions are.</summary>
    public async Task<string> EnsureImageAsync(string dataset, DatasetImage image, CancellationToken cancel)
    {
        await Copies.EnsureFileAsync(Dataset(dataset), $"{DatasetFolder.ImagesFolder}/{image.Sha256}", cancel);
        return DatasetFolder.ImagePath(Dataset(dataset), image);
    }

    /// <summary>
    /// Makes what the last attempt at a run left be here; what an attempt of this data directory left is never taken for a copy.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="files">Key of its files, from its row.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    public Task EnsureRunAsync(string id, string? files, CancellationToken cancel)
    {
        var fence = files is null ? 0 : ObjectKeys.FenceOf(files);
        var folder = AttemptFolders.Of(Run(id), fence);
        var newest = files is null ? 0 : AttemptFolders.NewestFence(Run(id));
        return files is null || newest > fence || (newest == fence && !Copies.IsCopy(folder))
            ? Task.CompletedTask
            : Copies.EnsureAsync(folder, files, isWanted: null, cancel);
    }

    /// <summary>Deletes the folder of a run whose row is gone, here and in the store of artifacts.</summary>
    public async Task DeleteRunAsync(string id)
    {
        await Copies.DropAsync(ObjectKeys.Run(id), CancellationToken.None);
        if (Directory.Exists(Run(id)))
        {
            Directory.Delete(Run(id), recursive: true);
        }
    }

    /// <summary>Deletes a folder whose row is gone, here and in the store of artifacts.</summary>
    public async Task DeleteAsync(string folder, string? files)
    {
        await Copies.ForgetAsync(folder, files, CancellationToken.None);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A path as rows name it: below the data directory without it, so that it holds on any machine; others as they are.</summary>
    public string Relative(string path) =>
        Path.IsPathRooted(path) && Path.GetRelativePath(Root, path) is var below && !below.StartsWith("..", StringComparison.Ordinal)
            ? below
            : path;

    /// <summary>The path that <see cref="Relative"/> was given.</summary>
    public string Absolute(string path) => Path.Combine(Root, path);

    /// <summary>Free bytes on the disk of the data folder.</summary>
    public long FreeBytes => Core.Common.DiskSpace.FreeAt(Root);
}
