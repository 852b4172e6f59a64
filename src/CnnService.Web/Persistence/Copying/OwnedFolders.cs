using System.Globalization;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence.Copying;

/// <summary>The folders that belong to rows, wherever their files lie.</summary>
internal static class OwnedFolders
{
    private const string Attempts = "attempts/";

    /// <summary>All of them. Those that change first: what others need stays.</summary>
    public static async Task<IReadOnlyList<OwnedFolder>> ListAsync(
        StoreContext rows, DataFolders from, DataFolders to, CancellationToken cancel)
    {
        OwnedFolder[] all =
        [
            .. await RunsAsync(rows, from, to, cancel), .. await ClassificationsAsync(rows, from, to, cancel),
            .. await ComparisonsAsync(rows, from, to, cancel), .. await VersionsAsync(rows, from, to, cancel),
            .. await DatasetsAsync(rows, from, to, cancel),
        ];
        return [.. all.Where(owned => owned.MayLack), .. all.Where(owned => !owned.MayLack)];
    }

    private static async Task<IEnumerable<OwnedFolder>> DatasetsAsync(
        StoreContext rows, DataFolders from, DataFolders to, CancellationToken cancel)
    {
        var found = await rows.Datasets.Where(row => row.Work.State == WorkState.Succeeded)
            .Select(row => new { row.Name, row.Files, row.CreatedAt }).ToListAsync(cancel);
        return found.Select(row => new OwnedFolder(
            $"the data set '{row.Name}'", from.Dataset(row.Name), to.Dataset(row.Name), row.Files,
            ObjectKeys.Dataset(row.Name, row.CreatedAt.ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture)))
        {
            Parts = [DatasetFolder.RevisionsFolder, DatasetFolder.ImagesFolder],
            SetFilesAsync = (context, files, end) => context.Datasets.Where(one => one.Name == row.Name)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Files, files), end),
        });
    }

    private static async Task<IEnumerable<OwnedFolder>> VersionsAsync(
        StoreContext rows, DataFolders from, DataFolders to, CancellationToken cancel)
    {
        var found = await rows.ModelVersions.AsNoTracking().ToListAsync(cancel);
        return found.Select(row => new OwnedFolder(
            $"the version '{row.Model}:{row.Version}'", from.ModelVersion(row.Model, row.Version), to.ModelVersion(row.Model, row.Version),
            row.Files, ObjectKeys.Version(row.Model, row.RunId ?? $"v{row.Version}"))
        {
            SetFilesAsync = (context, files, end) => context.ModelVersions
                .Where(one => one.Model == row.Model && one.Version == row.Version)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Files, files), end),
        });
    }

    private static async Task<IEnumerable<OwnedFolder>> RunsAsync(
        StoreContext rows, DataFolders from, DataFolders to, CancellationToken cancel)
    {
        var found = await rows.Runs.Select(row => new { row.Id, row.Files, row.Work.State }).ToListAsync(cancel);
        return found.Select(row =>
        {
            // A store holds what the last attempt left; a data directory may hold what those before it did, too.
            var isWhole = row.Files is null && !to.Copies.AreUsed;
            var fence = row.Files is { } key ? ObjectKeys.FenceOf(key) : Math.Max(1, AttemptFolders.NewestFence(from.Run(row.Id)));
            return new OwnedFolder(
                $"the run '{row.Id}'", isWhole ? from.Run(row.Id) : from.RunFiles(row.Id),
                isWhole ? to.Run(row.Id) : AttemptFolders.Of(to.Run(row.Id), fence), row.Files, ObjectKeys.Run(row.Id, fence))
            {
                MayLack = row.State != WorkState.Succeeded,
                IsStored = path => !IsIn(path, RunFolder.PackageFolder)
                    && !(row.State == WorkState.Succeeded && IsIn(path, RunFolder.CheckpointsFolder)),
                SetFilesAsync = (context, files, end) => context.Runs.Where(one => one.Id == row.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.Files, files), end),
            };
        });
    }

    private static async Task<IEnumerable<OwnedFolder>> ClassificationsAsync(
        StoreContext rows, DataFolders from, DataFolders to, CancellationToken cancel)
    {
        // One that goes on does so from what it has in the data directory, or begins anew.
        var isOver = to.Copies.AreUsed;
        var found = await rows.ClassifyJobs.Where(row => !isOver || row.Work.State == WorkState.Succeeded)
            .Select(row => new { row.Id, row.Files, row.Work.State, row.Work.Fence }).ToListAsync(cancel);
        return found.Select(row => new OwnedFolder(
            $"the classification '{row.Id}'", from.Classification(row.Id), to.Classification(row.Id), row.Files,
            ObjectKeys.Classification(row.Id, row.Fence))
        {
            MayLack = row.State != WorkState.Succeeded,
            IsStored = path => !path.StartsWith(Attempts, StringComparison.Ordinal),
            SetFilesAsync = (context, files, end) => context.ClassifyJobs.Where(one => one.Id == row.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Files, files), end),
        });
    }

    private static async Task<IEnumerable<OwnedFolder>> ComparisonsAsync(
        StoreContext rows, DataFolders from, DataFolders to, CancellationToken cancel)
    {
        var found = await rows.Comparisons.Where(row => row.Work.State == WorkState.Succeeded)
            .Select(row => new { row.Id, row.Files, row.Work.Fence }).ToListAsync(cancel);
        return found.Select(row => new OwnedFolder(
            $"the comparison '{row.Id}'", from.Comparison(row.Id), to.Comparison(row.Id), row.Files,
            ObjectKeys.Comparison(row.Id, row.Fence))
        {
            SetFilesAsync = (context, files, end) => context.Comparisons.Where(one => one.Id == row.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Files, files), end),
        });
    }

    private static bool IsIn(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}
