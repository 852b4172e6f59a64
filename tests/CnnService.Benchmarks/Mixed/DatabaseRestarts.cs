using CnnService.Tests.Shared;

namespace CnnService.Benchmarks.Mixed;

/// <summary>Ends the database as a crash does and starts it again; each third time it stays away for a while.</summary>
internal sealed class DatabaseRestarts(PostgresProcess database)
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(15);

    public async Task RestartAsync(int number)
    {
        await database.StopAsync("QUIT");
        if (number % 3 == 0)
        {
            await Task.Delay(Away);
        }

        await database.StartAsync();
    }
}
