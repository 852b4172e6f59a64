using CnnService.Core.Common;

namespace CnnService.Web.Persistence;

/// <summary>The database does not answer, is busy beyond the time limit or cannot use its file; retrying may succeed.</summary>
internal sealed class StoreUnavailableException : Exception, IUnavailable
{
    private const string Unavailable = "store.unavailable";

    private StoreUnavailableException(string code, string message, Exception inner)
        : base(message, inner) => Code = code;

    /// <summary>It does not answer.</summary>
    public StoreUnavailableException(string message, Exception inner)
        : this(Unavailable, message, inner)
    {
    }

    /// <summary>Stable problem code: <c>store.unavailable</c>, <c>store.busy</c>, <c>store.damaged</c> or <c>storage.io</c>.</summary>
    public string Code { get; }

    public static StoreUnavailableException From(Exception failure) => StoreFailure.SqliteOf(failure) switch
    {
        null => new("The database does not answer; try again.", failure),
        { SqliteErrorCode: StoreFailure.InputOutput } sqlite => new(
            "storage.io", $"The disk does not read or write the database's file ({sqlite.SqliteExtendedErrorCode}).", failure),
        var sqlite when SqliteFile.IsDamage(sqlite) => new(
            "store.damaged", "The database's file is damaged; a restart of the service tells where its newest backup is.", failure),
        _ => new("store.busy", "The database is busy; try again.", failure),
    };
}
