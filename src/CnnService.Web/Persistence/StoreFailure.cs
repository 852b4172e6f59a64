using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CnnService.Web.Persistence;

/// <summary>Tells failures of the database apart, whatever wraps them.</summary>
internal static class StoreFailure
{
    /// <summary>SQLite's IOERR: the operating system refused to read, write or flush the file.</summary>
    public const int InputOutput = 10;

    private const int Full = 13;

    /// <summary>Whether a row with the same key exists already.</summary>
    public static bool IsDuplicate(DbUpdateException failure) => failure.InnerException switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067, // PRIMARYKEY, UNIQUE
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    public static bool IsDiskFull(Exception failure) => SqliteOf(failure)?.SqliteErrorCode == Full;

    /// <summary>Whether the database does not answer, is busy, or cannot use its file.</summary>
    public static bool IsUnavailable(Exception failure) => failure switch
    {
        DbUpdateException { InnerException: { } inner } update => !IsDuplicate(update) && IsUnavailable(inner),
        Microsoft.EntityFrameworkCore.Storage.RetryLimitExceededException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or InputOutput || SqliteFile.IsDamage(sqlite), // BUSY, LOCKED
        NpgsqlException postgres => postgres is not PostgresException || postgres.IsTransient,
        TimeoutException or DbException { IsTransient: true } => true,
        _ => false,
    };

    /// <summary>SQLite's own failure; null if it is another's.</summary>
    public static SqliteException? SqliteOf(Exception? failure) => failure switch
    {
        SqliteException sqlite => sqlite,
        DbUpdateException update => SqliteOf(update.InnerException),
        _ => null,
    };
}
