using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Carries out changes of a data set's folder, and puts them into the store of artifacts, where there is one.</summary>
internal sealed class DatasetFiles(Store store, DatasetStore datasets, DataFolders folders)
{
    /// <summary>Brings the data set to this machine, and reads a revision of it. Problem codes: those of reading.</summary>
    public async Task<Outcome<DatasetManifest>> ReadAsync(string name, int revision, CancellationToken cancel)
    {
        await folders.EnsureDatasetAsync(name, await datasets.FilesOfAsync(name, cancel), cancel);
        return DatasetFolder.ReadManifest(folders.Dataset(name), revision);
    }

    /// <summary>Brings the data set, changes it, and makes the change the one that all see. Problem: <c>dataset.busy</c>.</summary>
    /// <param name="row">The data set.</param>
    /// <param name="change">Changes the folder it is given.</param>
    /// <param name="cancel">Cancels the change, which is then not seen.</param>
    public async Task<Outcome<T>> ChangeAsync<T>(DatasetRow row, Func<string, Task<Outcome<T>>> change, CancellationToken cancel)
    {
        var folder = folders.Dataset(row.Name);
        if (row.Files is not { } before)
        {
            return await change(folder);
        }

        await folders.EnsureDatasetAsync(row.Name, before, cancel);
        using var held = folders.Copies.Hold(folder);
        var isUploaded = false;
        try
        {
            var changed = await change(folder);
            if (changed.Succeeded && !await ReplaceAsync(row.Name, folder, before, cancel))
            {
                return Problem.Conflict(
                    "dataset.busy", "A data set is changed by one request at a time; others have changed it meanwhile: try again.");
            }

            isUploaded = true;
            return changed;
        }
        finally
        {
            if (!isUploaded)
            {
                folders.Copies.Invalidate(folder);
            }
        }
    }

    /// <summary>False where the row names other files than those that were changed.</summary>
    private async Task<bool> ReplaceAsync(string name, string folder, string before, CancellationToken cancel)
    {
        var isPurged = await folders.Copies.LacksSomeAsync(folder, before, cancel);
        var files = await folders.Copies.UploadAsync(
            folder, isPurged ? ObjectKeys.NewDataset(name) : FolderCopies.PrefixOf(before), isPurged ? null : before, isPart: null, cancel);
        var isReplaced = files == before || await store.UseAsync(context => context.Datasets
            .Where(row => row.Name == name && row.Files == before)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Files, files), cancel)) > 0;
        if (isReplaced)
        {
            folders.Copies.Adopt(folder, files);
        }

        if (isPurged)
        {
            await folders.Copies.DropAsync(isReplaced ? before : files!, CancellationToken.None);
        }

        return isReplaced;
    }
}
