namespace CnnService.Web.Persistence;

internal sealed partial class PostgresListener
{
    [LoggerMessage(LogLevel.Information, "PostgreSQL is reached through a pooler, which passes no notifications on: waiting work is "
        + "looked for every few seconds, unless ConnectionStrings:PostgresDirect bypasses it")]
    private partial void LogPolling();
}
