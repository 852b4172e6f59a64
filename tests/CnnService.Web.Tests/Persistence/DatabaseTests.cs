namespace CnnService.Web.Tests.Persistence;

/// <summary>
/// Tests of the stores, run over both databases: an abstract class holds them, and a class for SQLite and one for PostgreSQL are derived
/// from it. Each test has an empty database of its own.
/// </summary>
/// <param name="server">Null: SQLite.</param>
public abstract class DatabaseTests(PostgresServer? server) : IAsyncLifetime
{
    private StoreHost? _host;

    private protected StoreHost Host => _host ?? throw new InvalidOperationException("The database is not open yet.");

    public async ValueTask InitializeAsync()
    {
        _host = server is null ? await StoreHost.SqliteAsync() : await StoreHost.PostgresAsync(server);
        await ArrangeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds what all tests of the class begin with.</summary>
    private protected virtual Task ArrangeAsync() => Task.CompletedTask;
}
