using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>SQLite, embedded: one service, one file.</summary>
internal sealed class SqliteStoreContext : StoreContext
{
    public SqliteStoreContext(DbContextOptions<SqliteStoreContext> options)
        : base(options) => Database.AutoTransactionBehavior = AutoTransactionBehavior.Always; // For SqliteTransactions to see all writes.

    public override bool HasOwnClock => false;
}
