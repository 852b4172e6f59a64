using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using Microsoft.Data.Sqlite;

namespace CnnService.Web.Persistence;

/// <summary>A database file as such, before anything relies on it.</summary>
internal static class SqliteFile
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>The files that SQLite keeps beside a database: what was committed and not yet moved into it.</summary>
    private static readonly string[] Companions = ["-wal", "-shm", "-journal"];

    /// <summary>Whether there is a database: SQLite takes an empty file for a new one.</summary>
    public static bool Exists(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    /// <summary>What is wrong with an existing file, by SQLite's own check of all its pages; null if nothing is.</summary>
    /// <exception cref="StartRefusedException">The file cannot be opened at all, or is locked.</exception>
    public static async Task<string?> FindDamageAsync(string path)
    {
        try
        {
            var connection = Open(path);
            await using (connection)
            {
                await connection.OpenAsync();
                await using var check = connection.CreateCommand();
                check.CommandText = "PRAGMA quick_check(1)";
                var answer = $"{await check.ExecuteScalarAsync()}";
                return answer == "ok" ? null : answer.ReplaceLineEndings(" ");
            }
        }
        catch (SqliteException failure) when (IsDamage(failure))
        {
            return failure.Message;
        }
        catch (SqliteException failure)
        {
            throw new StartRefusedException($"The database '{path}' cannot be opened: {failure.Message}");
        }
    }

    /// <summary>Whether SQLite found its file damaged.</summary>
    public static bool IsDamage(SqliteException failure) => failure.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>Writes a consistent copy while others read and write, and flushes it to the device.</summary>
    /// <param name="path">The database.</param>
    /// <param name="copy">A file that does not exist yet.</param>
    public static async Task CopyAsync(string path, string copy)
    {
        var connection = Open(path);
        await using (connection)
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", copy);
            await command.ExecuteNonQueryAsync();
        }

        using var file = File.OpenHandle(copy, FileMode.Open, FileAccess.Write);
        DurableFile.Flush(file, copy);
    }

    /// <summary>
    /// Renames a database with all that belongs to it, whether it exists or not: a log left beside another file would be read into that.
    /// </summary>
    public static void MoveAside(string path, string target)
    {
        foreach (var part in Companions.Append(string.Empty).Where(part => File.Exists(path + part)))
        {
            File.Move(path + part, target + part, overwrite: true);
        }
    }

    /// <summary>Deletes a database with all that belongs to it, whether it exists or not.</summary>
    public static void Delete(string path)
    {
        foreach (var part in Companions.Append(string.Empty))
        {
            File.Delete(path + part);
        }
    }

    private static SqliteConnection Open(string path) => new(new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = false,
    }.ToString());
}
