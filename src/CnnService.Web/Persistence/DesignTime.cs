using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CnnService.Web.Persistence;

/// <summary>Used by <c>dotnet ef migrations add</c>; never connects.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteStoreContext>
{
    public SqliteStoreContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteStoreContext>().UseSqlite("Data Source=design.db").Options);
}

/// <inheritdoc cref="SqliteDesignTime"/>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresStoreContext>
{
    public PostgresStoreContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresStoreContext>().UseNpgsql("Host=design").Options);
}
