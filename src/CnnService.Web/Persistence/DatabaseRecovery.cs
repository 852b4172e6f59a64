using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Rebuilds rows from the files of the data directory: data sets, model versions with their aliases, and runs with their metrics. What no
/// file holds (queued runs, sweeps, comparisons, classifications, alias history) comes from a backup or is lost. Rows that exist stay.
/// </summary>
internal sealed class DatabaseRecovery(
    Store store, DataFolders folders, DirectoryContents contents, RecoveredModels models, RecoveredRuns runs)
{
    /// <summary>Adds what is missing in one transaction. Returns what was added, in words.</summary>
    public async Task<string> RecoverAsync(CancellationToken cancel)
    {
        var summary = string.Empty;
        await store.UseAsync(context => context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            context.ChangeTracker.Clear();
            var transaction = await context.Database.BeginTransactionAsync(cancel);
            await using (transaction)
            {
                var datasets = await AddDatasetsAsync(context, cancel);
                var versions = await models.AddAsync(context, cancel);
                var trained = await runs.AddAsync(context, cancel);
                await transaction.CommitAsync(cancel);
                summary = $"{datasets} data sets, {versions} model versions and {trained} runs";
            }
        }));
        return summary;
    }

    private async Task<int> AddDatasetsAsync(StoreContext context, CancellationToken cancel)
    {
        var known = await context.Datasets.ToListAsync(cancel);
        var onDisk = contents.Datasets();
        context.Datasets.RemoveRange(known.Where(row => row.Status == DatasetStatus.Ready && !onDisk.Contains(row.Name)));
        known.ForEach(row => Raise(row, folders.Import(row.Name)));
        (await context.ClassifyJobs.ToListAsync(cancel)).ForEach(row => Raise(row, folders.Classification(row.Id)));
        DeleteImportsBut(known.Select(row => row.Name));
        var added = 0;
        foreach (var name in onDisk.Except(known.Select(row => row.Name)))
        {
            if (DatasetFolder.ReadManifest(folders.Dataset(name)) is { Succeeded: true, Value: var manifest })
            {
                context.Datasets.Add(Row(name, manifest));
                added++;
            }
        }

        await context.SaveChangesAsync(cancel);
        return added;
    }

    /// <summary>In rows of an older backup: later attempts have used fencing numbers since, and none may be used again.</summary>
    private static void Raise(LeasedRow row, string work) =>
        row.Work.Fence = Math.Max(row.Work.Fence, AttemptFolders.NewestFence(work));

    /// <summary>Deletes what imports without a row have left: an import of the same name begins anew.</summary>
    private void DeleteImportsBut(IEnumerable<string> known)
    {
        foreach (var folder in Directory.EnumerateDirectories(folders.Imports).ExceptBy(known, folder => Path.GetFileName(folder)))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private DatasetRow Row(string name, DatasetManifest manifest)
    {
        var import = new DatasetImport
        {
            Name = name,
            Origin = DatasetOrigin.Folder,
            Source = string.Empty, // Not recorded; it is needed only until the import has ended.
            Folder = folders.Dataset(name),
        };
        return new DatasetRow
        {
            Name = name,
            Import = JsonSerializer.Serialize(import, CoreJson.Options),
            CreatedAt = manifest.CreatedAt,
            Done = manifest.Images.Count,
            Total = manifest.Images.Count,
            Work = new LeasedWork { State = WorkState.Succeeded, StartedAt = manifest.CreatedAt, FinishedAt = manifest.CreatedAt },
        };
    }
}
