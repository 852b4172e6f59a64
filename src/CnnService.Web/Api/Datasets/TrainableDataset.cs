using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Datasets;

/// <summary>Finds data sets for training and checks that they are suitable.</summary>
internal static class TrainableDataset
{
    /// <summary>
    /// A revision of a data set. Problems: <c>dataset.not-found</c>, <c>dataset.revision-not-found</c>, <c>dataset.importing</c>,
    /// <c>dataset.failed</c>.
    /// </summary>
    public static async Task<Outcome<DatasetManifest>> FindAsync(
        DatasetStore datasets, DataFolders folders, DatasetReference named, CancellationToken cancel) =>
        await datasets.FindAsync(named.Name, cancel) switch
        {
            null => await datasets.NotFoundAsync(named.Name, cancel),
            { Status: DatasetStatus.Importing } =>
                Problem.Conflict("dataset.importing", $"The data set '{named.Name}' is still being imported."),
            { Status: DatasetStatus.Failed } => Problem.Conflict("dataset.failed",
                $"The import of data set '{named.Name}' failed: GET /datasets/{named.Name} gives the reason."),
            var row => await ReadAsync(row, folders, named, cancel),
        };

    private static async Task<Outcome<DatasetManifest>> ReadAsync(
        DatasetRow row, DataFolders folders, DatasetReference named, CancellationToken cancel)
    {
        await folders.EnsureRevisionsAsync(row.Name, row.Files, cancel);
        return DatasetFolder.ReadManifest(folders.Dataset(named.Name), named.Revision);
    }

    /// <summary>
    /// Why a classifier cannot be trained on it: <c>dataset.single-class</c> or <c>dataset.empty-class</c>; null if it can.
    /// </summary>
    public static Problem? CheckTrainable(DatasetManifest dataset)
    {
        var counts = dataset.CountByClass(Split.Train);
        var empty = dataset.Classes.Where((_, index) => counts[index] == 0).ToArray();
        return dataset.Classes.Count < 2
            ? Problem.Unprocessable("dataset.single-class",
                $"The data set '{dataset.Name}' has one class, '{dataset.Classes[0]}': two are needed to tell apart.")
            : empty.Length > 0
                ? Problem.Unprocessable("dataset.empty-class",
                    $"Without training images in data set '{dataset.Name}': {string.Join(", ", empty)}.")
                : null;
    }
}
