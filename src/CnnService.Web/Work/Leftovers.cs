using System.Diagnostics;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Deletes what dead processes were writing: files half written, and uploads that no import needs. What a live process has open is left,
/// on this machine or another that shares the directory.
/// </summary>
internal sealed partial class Leftovers(
    DatasetStore datasets, ServiceLock exclusive, DataFolders folders, TimeProvider clock, ILogger<Leftovers> logger)
{
    /// <summary>Where others may be at work: from the last byte of an upload to the row that needs it takes far less.</summary>
    private static readonly TimeSpan UploadsAfter = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FilesAfter = TimeSpan.FromDays(1);

    public async Task DeleteAsync()
    {
        // With exclusive access to the directory, everything older than this process is left behind.
        var started = exclusive.IsHeld ? Started() : (DateTimeOffset?)null;
        var needed = (await datasets.SourcesAsync()).Select(folders.Absolute).ToHashSet(StringComparer.Ordinal);
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        var halfWritten = Directory.EnumerateFiles(folders.Root, "*" + DurableFile.TemporaryMark + "*", all);
        Delete(halfWritten, started ?? clock.GetUtcNow() - FilesAfter);
        var before = started ?? clock.GetUtcNow() - UploadsAfter;
        Delete(Directory.EnumerateFiles(folders.Uploads).Where(file => !needed.Contains(file)), before);
        foreach (var folder in Directory.GetDirectories(folders.Uploads).Where(IsOfOneRequest))
        {
            DeleteFolder(folder, before);
        }
    }

    /// <summary>Folders with other names are kept by others.</summary>
    private static bool IsOfOneRequest(string folder) => Guid.TryParseExact(Path.GetFileName(folder), "N", out _);

    private void Delete(IEnumerable<string> files, DateTimeOffset before)
    {
        foreach (var file in files.Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime).ToList())
        {
            if (IsFree(file))
            {
                File.Delete(file);
                LogDeleted(file);
            }
        }
    }

    private void DeleteFolder(string folder, DateTimeOffset before)
    {
        try
        {
            var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            if (files.Append(folder).Max(File.GetLastWriteTimeUtc) < before.UtcDateTime && Array.TrueForAll(files, IsFree))
            {
                Directory.Delete(folder, recursive: true);
                LogDeleted(folder);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Its request has ended meanwhile, or another process has deleted it.
        }
    }

    /// <summary>Whether no process has the file open; one that is gone is not free.</summary>
    private static bool IsFree(string file)
    {
        try
        {
            using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static DateTimeOffset Started()
    {
        using var self = Process.GetCurrentProcess();
        return self.StartTime.ToUniversalTime();
    }
}
