using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence.Copying;

/// <summary>
/// Copies the files of one service to where another keeps its own, and names in a snapshot of its rows where they are then.
/// </summary>
/// <param name="rows">The snapshot.</param>
/// <param name="from">The source.</param>
/// <param name="to">The target.</param>
/// <param name="isAgain">Whether the target may hold what an earlier copy has brought.</param>
/// <param name="tally">Takes what was done.</param>
internal sealed class FileCopy(StoreContext rows, DataFolders from, DataFolders to, bool isAgain, CopyTally tally)
{
    private readonly FolderTransfer _transfer = new(tally);

    /// <summary>What each machine keeps for itself, and loses nothing else by losing it.</summary>
    private string[] Rest => [from.Captured, from.Baselines];

    /// <summary>Copies what belongs to a row.</summary>
    public async Task TakeAsync(OwnedFolder owned, CancellationToken cancel)
    {
        var files = owned.Key is { } key ? await TakeStoredAsync(owned, key, cancel) : await TakeFolderAsync(owned, cancel);
        if (files != owned.Key)
        {
            await owned.SetFilesAsync(rows, files, cancel);
        }
    }

    /// <summary>Copies the archives of imports that are not over.</summary>
    public async Task TakeArchivesAsync(CancellationToken cancel)
    {
        var waiting = await rows.Datasets.Where(row => row.Work.State == WorkState.Queued || row.Work.State == WorkState.Running)
            .ToListAsync(cancel);
        foreach (var row in waiting)
        {
            var import = JsonSerializer.Deserialize<DatasetImport>(row.Import, CoreJson.Options)!;
            if (import.Origin == DatasetOrigin.Archive)
            {
                var source = from.Absolute(import.Source);
                var target = to.Absolute(from.Relative(source));
                await from.Copies.EnsureFileAsync(source, cancel);
                await _transfer.CopyFileAsync(source, target, cancel);
                await to.Copies.PutFileAsync(target, cancel);
                row.Import = JsonSerializer.Serialize(import with { Source = from.Relative(source) }, CoreJson.Options);
            }
        }

        await rows.SaveChangesAsync(cancel);
        rows.ChangeTracker.Clear();
    }

    /// <summary>Copies what no row names: images that monitoring keeps, baselines, and the settings beside a model's versions.</summary>
    public async Task TakeRestAsync(CancellationToken cancel)
    {
        foreach (var folder in Rest.Where(Directory.Exists))
        {
            await _transfer.CopyAsync(folder, Path.Combine(to.Root, Path.GetRelativePath(from.Root, folder)), mayLack: true, cancel);
        }

        var models = await rows.Models.Select(row => row.Name).ToListAsync(cancel);
        foreach (var file in models.Select(from.Model).Where(Directory.Exists)
            .SelectMany(model => Directory.EnumerateFiles(model, "*.json")))
        {
            var target = Path.Combine(to.Root, Path.GetRelativePath(from.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await _transfer.CopyFileAsync(file, target, cancel);
        }
    }

    /// <summary>
    /// Lets the next attempts at work follow those whose files were copied: of a live source these may be later than the rows.
    /// </summary>
    public async Task RaiseFencesAsync(CancellationToken cancel)
    {
        WorkState[] open = [WorkState.Queued, WorkState.Running];
        var runs = await rows.Runs.Where(row => open.Contains(row.Work.State)).ToListAsync(cancel);
        var jobs = await rows.ClassifyJobs.Where(row => open.Contains(row.Work.State)).ToListAsync(cancel);
        runs.ForEach(row => Raise(row, to.Run(row.Id)));
        jobs.ForEach(row => Raise(row, to.Classification(row.Id)));
        await rows.SaveChangesAsync(cancel);
        rows.ChangeTracker.Clear();
    }

    private static void Raise(LeasedRow row, string work) =>
        row.Work.Fence = Math.Max(row.Work.Fence, AttemptFolders.NewestFence(work));

    private async Task<string?> TakeStoredAsync(OwnedFolder owned, string key, CancellationToken cancel)
    {
        var listing = to.Copies.AreUsed
            ? await from.Copies.CopyAsync(key, to.Copies, cancel)
            : await from.Copies.ExtractAsync(key, owned.To, cancel);
        tally.Add(listing.Files.Count, listing.Bytes);
        return to.Copies.AreUsed ? key : null;
    }

    private async Task<string?> TakeFolderAsync(OwnedFolder owned, CancellationToken cancel)
    {
        if (!Directory.Exists(owned.From))
        {
            if (!owned.MayLack)
            {
                tally.AddFault($"The files of {owned.Name} are missing.");
            }

            return null;
        }

        if (to.Copies.AreUsed)
        {
            var before = isAgain ? await to.Copies.FindListingAsync(owned.Prefix, cancel) : null;
            var files = await to.Copies.UploadAsync(owned.From, owned.Prefix, before, owned.IsStored, cancel);
            var (count, bytes) = to.Copies.SizeOf(files!);
            tally.Add(count, bytes);
            return files;
        }

        foreach (var part in owned.Parts)
        {
            await _transfer.CopyAsync(Path.Combine(owned.From, part), Path.Combine(owned.To, part), owned.MayLack, cancel);
        }

        return null;
    }
}
