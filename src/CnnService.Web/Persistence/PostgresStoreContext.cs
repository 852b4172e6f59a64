using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>A database server, shared by several processes.</summary>
internal sealed class PostgresStoreContext(DbContextOptions<PostgresStoreContext> options) : StoreContext(options)
{
    public override bool HasOwnClock => true;
}
