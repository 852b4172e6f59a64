namespace CnnService.Web.Hosting;

/// <summary>
/// The console log as text or, with <c>Logging:Format=json</c>, as one JSON object per line; both by .NET's own formatters.
/// </summary>
internal static class ConsoleLog
{
    private const string UtcMilliseconds = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static WebApplicationBuilder AddConsoleLog(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LogOptions>().BindConfiguration(LogOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        // Not from validated options: the log has to exist before they are validated, to report what is wrong with them.
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
