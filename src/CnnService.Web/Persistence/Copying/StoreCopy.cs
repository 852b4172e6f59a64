using System.Globalization;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence.Copying;

/// <summary>
/// Copies all that one service keeps to an empty place, whichever database and store of files either has. The rows are taken as they are
/// at one moment, then the files that they name, which are published before rows name them and do not change; the target's database comes
/// last. Until then the target is none that a service can start on, and the copy can be made again, which keeps the images that are there.
/// </summary>
/// <param name="from">The source.</param>
/// <param name="to">The target.</param>
/// <param name="output">Is told what is done.</param>
internal sealed class StoreCopy(CopyPlace from, CopyPlace to, TextWriter output)
{
    private const int MaxPasses = 3;

    /// <summary>Copies.</summary>
    /// <param name="isLive">Whether a service may work on the source meanwhile.</param>
    /// <param name="cancel">Breaks the copy off.</param>
    /// <returns>What was wrong with the source's files, in sentences.</returns>
    /// <exception cref="StartRefusedException">The copy cannot be made; nothing was changed.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(bool isLive, CancellationToken cancel)
    {
        RequireApart();
        await from.RequireRowsAsync(cancel);
        using var alone = isLive ? null : from.Lock();
        if (!isLive)
        {
            await RequireIdleAsync(from, cancel);
        }

        var isAgain = File.Exists(to.Folders.UnfinishedCopy);
        await RequireNoFilesAsync(isAgain, cancel);
        to.Folders.Create();
        using var held = to.Lock();
        await RequireNoRowsAsync(cancel);
        Mark(isAgain);
        await output.WriteLineAsync($"Copies {from.Described} to {to.Described}.");
        var (rows, tally) = await PassAsync(isLive, isAgain, cancel);
        await to.FillAsync(to.Snapshot, cancel);
        File.Delete(to.Folders.UnfinishedCopy);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Copied {rows} rows and {tally.Files} files of {tally.Bytes} bytes."));
        return tally.Faults;
    }

    private void RequireApart()
    {
        var (source, target) = (from.Folders.Root, to.Folders.Root);
        if (IsWithin(source, target) || IsWithin(target, source))
        {
            throw new StartRefusedException($"The copy of '{source}' must lie beside it, and '{target}' does not.");
        }

        if (to.Folders.Copies.Place is { } place && place == from.Folders.Copies.Place)
        {
            throw new StartRefusedException($"Source and target both keep their files in {place}: name another.");
        }

        if (to.Database is { } database && database == from.Database)
        {
            throw new StartRefusedException($"Source and target are both {database}: name another.");
        }
    }

    private static bool IsWithin(string folder, string other) =>
        (Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar).StartsWith(
            Path.TrimEndingDirectorySeparator(other) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private async Task RequireIdleAsync(CopyPlace place, CancellationToken cancel)
    {
        if (place.Postgres is null)
        {
            return;
        }

        var others = await place.ConnectionsAsync(cancel);
        if (await place.WorkersAsync(cancel) is { Count: > 0 } workers)
        {
            throw new StartRefusedException(
                $"Workers are at work on {place.Database}: {string.Join(", ", workers)}. Stop them, and all else that writes there; one "
                + $"that died is forgotten after {WorkerStore.LiveFor.TotalSeconds} s.");
        }

        if (others > 0)
        {
            await output.WriteLineAsync(
                $"Others hold connections to {place.Database} ({others}): what they write meanwhile is lost to the copy. Make sure that no "
                + "service runs.");
        }
    }

    /// <summary>Makes sure that the target holds nothing, or what an earlier copy left that broke off.</summary>
    private async Task RequireNoFilesAsync(bool isAgain, CancellationToken cancel)
    {
        var folders = to.Folders;
        if (to.Postgres is null && SqliteFile.Exists(folders.Database))
        {
            throw Occupied($"'{folders.Root}'", "a database");
        }

        if (!isAgain && !folders.Copies.AreUsed && new DirectoryContents(folders).Describe() is { } held)
        {
            throw Occupied($"'{folders.Root}'", held);
        }

        if (!isAgain && await folders.Copies.FindAnyAsync(cancel) is { } key)
        {
            throw Occupied(folders.Copies.Place!, $"objects, such as {key},");
        }
    }

    private async Task RequireNoRowsAsync(CancellationToken cancel)
    {
        if (to.Postgres is null)
        {
            return;
        }

        await to.MigrateAsync(cancel);
        await RequireIdleAsync(to, cancel);
        if (await to.CountPostgresAsync(cancel) is > 0 and var rows)
        {
            throw Occupied(to.Database!, rows == 1 ? "a row" : string.Create(CultureInfo.InvariantCulture, $"{rows} rows"));
        }
    }

    /// <summary>Marks the target as unfinished; of an earlier copy only what is named by its hash is kept.</summary>
    private void Mark(bool isAgain)
    {
        var folders = to.Folders;
        DurableFile.Write(folders.UnfinishedCopy, System.Text.Encoding.UTF8.GetBytes(from.Described));
        string[] others = [folders.Runs, folders.Models, folders.Comparisons, folders.Classifications];
        foreach (var folder in others.Where(_ => isAgain))
        {
            Directory.Delete(folder, recursive: true);
        }

        folders.Create();
    }

    private static StartRefusedException Occupied(string place, string held) =>
        new($"A copy needs an empty place, and {place} holds {held} already.");

    /// <summary>Copies all but the target's rows. What a live source deletes meanwhile makes it begin again.</summary>
    private async Task<(int Rows, CopyTally Tally)> PassAsync(bool isLive, bool isAgain, CancellationToken cancel)
    {
        for (var pass = 1; ; pass++)
        {
            try
            {
                var tally = new CopyTally();
                var rows = await TryAsync(tally, isAgain || pass > 1, cancel);
                if (!isLive || pass > 1 || tally.Faults.Count == 0)
                {
                    return (rows, tally);
                }
            }
            catch (Exception gone) when (isLive && pass < MaxPasses
                && gone is FileNotFoundException or DirectoryNotFoundException or ArtifactsUnavailableException)
            {
                await output.WriteLineAsync($"Begins again: {gone.Message}");
            }
        }
    }

    private async Task<int> TryAsync(CopyTally tally, bool isAgain, CancellationToken cancel)
    {
        await from.SnapshotAsync(to.Snapshot, cancel);
        await using var rows = CopyPlace.OpenSnapshot(to.Snapshot);
        var owned = await OwnedFolders.ListAsync(rows, from.Folders, to.Folders, cancel);
        RequireRoom(owned);
        var files = new FileCopy(rows, from.Folders, to.Folders, isAgain, tally);
        await files.TakeArchivesAsync(cancel);
        foreach (var folder in owned)
        {
            await files.TakeAsync(folder, cancel);
        }

        await files.RaiseFencesAsync(cancel);
        await files.TakeRestAsync(cancel);
        DeleteUnnamed(owned);
        return await RowCopy.CountAllAsync(rows, cancel);
    }

    /// <summary>Refuses what would fill the disk; of an earlier pass, or copy, much is there already.</summary>
    private void RequireRoom(IReadOnlyList<OwnedFolder> owned)
    {
        var wanted = to.Folders.Copies.AreUsed ? 0 : owned.Where(folder => folder.Key is null && !Directory.Exists(folder.To))
            .Select(folder => new DirectoryInfo(folder.From)).Where(folder => folder.Exists)
            .Sum(folder => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
        if (DiskSpaceCheck.Check(to.Folders, wanted) is { } full)
        {
            throw new StartRefusedException($"There is no room for the copy in '{to.Folders.Root}': {full.Detail}");
        }
    }

    /// <summary>Deletes the data sets that an earlier pass, or copy, has brought, and that the source has deleted since.</summary>
    private void DeleteUnnamed(IReadOnlyList<OwnedFolder> owned)
    {
        var named = owned.Select(folder => folder.To).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(to.Folders.Datasets).Where(folder => !named.Contains(folder)))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
