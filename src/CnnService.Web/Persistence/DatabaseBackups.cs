using System.Globalization;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Persistence;

/// <summary>
/// Backups of the embedded database: consistent copies, made while the service runs, under names that tell their time (UTC). A backup is
/// complete or absent. For one caller at a time.
/// </summary>
internal sealed class DatabaseBackups(DataFolders folders, IOptions<BackupOptions> options, TimeProvider clock)
{
    private const string Prefix = "cnnservice-";
    private const string Suffix = ".db";
    private const string MigrationMark = "-before-migration";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    private long? _madeAt; // By the monotonic clock; null: not by this process.

    /// <summary>The newest backup; null if there is none.</summary>
    public string? Newest => All().FirstOrDefault();

    /// <summary>When the newest backup was made; null if there is none.</summary>
    public DateTimeOffset? NewestTime => Newest is { } file ? TimeOf(file) : null;

    /// <summary>Time until the next backup is due; zero if it is.</summary>
    public TimeSpan Due()
    {
        // A newest one of the future, by a clock that was set back, says nothing of its age.
        var age = _madeAt is { } madeAt ? clock.GetElapsedTime(madeAt)
            : NewestTime is { } newest && newest <= clock.GetUtcNow() ? clock.GetUtcNow() - newest
            : TimeSpan.MaxValue;
        return age < options.Value.Every ? options.Value.Every - age : TimeSpan.Zero;
    }

    /// <summary>Makes a backup and deletes the oldest ones. Returns its path.</summary>
    /// <param name="isBeforeMigration">These are kept and counted apart.</param>
    /// <exception cref="IOException">The disk has no room for it beside its reserve.</exception>
    public async Task<string> MakeAsync(bool isBeforeMigration)
    {
        var needed = new FileInfo(folders.Database).Length;
        if (DiskSpaceCheck.Check(folders, needed) is { } full)
        {
            throw new IOException(full.Detail);
        }

        Directory.CreateDirectory(folders.Backups);
        var time = NextTime().UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var target = Path.Combine(folders.Backups, $"{Prefix}{time}{(isBeforeMigration ? MigrationMark : string.Empty)}{Suffix}");
        var temporary = $"{target}{DurableFile.TemporaryMark}0";
        File.Delete(temporary);
        try
        {
            await SqliteFile.CopyAsync(folders.Database, temporary);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        DurableFile.Publish(temporary, target);
        _madeAt = clock.GetTimestamp();
        Prune();
        return target;
    }

    /// <summary>
    /// Puts the newest backup that is intact in the place of the database, which must not exist. Returns its path; null if there is
    /// none.
    /// </summary>
    public async Task<string?> RestoreAsync()
    {
        foreach (var backup in All())
        {
            if (await SqliteFile.FindDamageAsync(backup) is not null)
            {
                continue;
            }

            var source = File.OpenRead(backup);
            await using (source)
            {
                await DurableFile.WriteAsync(folders.Database, target => source.CopyToAsync(target));
            }

            return backup;
        }

        return null;
    }

    /// <summary>Now, or the moment after the newest backup: their order is that in which they were made, whatever the clock does.</summary>
    private DateTimeOffset NextTime() =>
        NewestTime is { } newest && newest >= clock.GetUtcNow() ? newest + TimeSpan.FromSeconds(1) : clock.GetUtcNow();

    private void Prune()
    {
        foreach (var old in All().GroupBy(IsBeforeMigration).SelectMany(kind => kind.Skip(options.Value.Keep)))
        {
            File.Delete(old);
        }
    }

    /// <summary>Newest first.</summary>
    private List<string> All() => !Directory.Exists(folders.Backups) ? [] : Directory
        .EnumerateFiles(folders.Backups, $"{Prefix}*{Suffix}").Where(file => TimeOf(file) is not null)
        .OrderByDescending(TimeOf).ThenBy(file => file, StringComparer.Ordinal).ToList();

    private static bool IsBeforeMigration(string file) => file.EndsWith(MigrationMark + Suffix, StringComparison.Ordinal);

    private static DateTimeOffset? TimeOf(string file)
    {
        var text = Path.GetFileNameWithoutExtension(file)[Prefix.Length..].Replace(MigrationMark, string.Empty, StringComparison.Ordinal);
        return DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
    }
}
