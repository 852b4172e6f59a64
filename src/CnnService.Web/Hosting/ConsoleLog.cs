namespace CnnService.Web.Hosting;

/// <summary>The console's log as text, or with <c>Logging:Format=json</c> as one object a line, both by the platform's own formatters.</summary>
internal static class ConsoleLog
{
    private const string UtcMilliseconds = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static WebApplicationBuilder AddConsoleLog(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LogOptions>().BindConfiguration(LogOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        // Read as it stands: the log is open before the settings are checked, and tells what is wrong with them.
        if (builder.Configuration[$"{LogOptions.Section}:{nameof(LogOptions.Format)}"] == LogOptions.Json)
        {
            builder.Logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = UtcMilliseconds;
            });
        }

        return builder;
    }
}
