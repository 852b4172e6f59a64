using CnnService.Tests.Shared;
using CnnService.Web.Tests.Persistence;

namespace CnnService.Web.Tests.Work;

/// <summary>One process that answers and two that work, over PostgreSQL and one folder.</summary>
internal sealed class SplitService : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-roles-");

    private SplitService()
    {
    }

    public ServiceProcess Api { get; private set; } = null!;

    public ServiceProcess[] Workers { get; private set; } = [];

    public string Data => _data.FullName;

    /// <param name="postgres">The tests' own server.</param>
    /// <param name="settings">Of the workers.</param>
    public static async Task<SplitService> StartAsync(PostgresServer postgres, params string[] settings)
    {
        var split = new SplitService();
        var database = $"--ConnectionStrings:Postgres={await postgres.NewDatabaseAsync()}";
        split.Api = await ServiceProcess.StartAsync(split.Data, database, "--Host:Roles:0=api");
        Task<ServiceProcess> Start() => ServiceProcess.StartAsync(split.Data, [database, "--Host:Roles:0=worker", .. settings]);
        split.Workers = await Task.WhenAll(Start(), Start());
        return split;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Workers.Append(Api).Where(process => process is not null))
        {
            await process.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}
