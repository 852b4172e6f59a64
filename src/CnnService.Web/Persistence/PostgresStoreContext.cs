using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>PostgreSQL, shared by several processes.</summary>
internal sealed class PostgresStoreContext(DbContextOptions<PostgresStoreContext> options) : StoreContext(options)
{
    public override bool HasOwnClock => true;
}
