using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>SQLite, embedded: one service, one file.</summary>
internal sealed class SqliteStoreContext(DbContextOptions<SqliteStoreContext> options) : StoreContext(options)
{
    public override bool HasOwnClock => false;
}
