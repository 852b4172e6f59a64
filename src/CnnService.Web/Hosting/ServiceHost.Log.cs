namespace CnnService.Web.Hosting;

internal static partial class ServiceHost
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Others than the service's user may look into the data directory {Folder} (mode {Mode}): chmod -R go= {Folder}")]
    private static partial void LogOpenFolder(ILogger logger, string folder, string mode);
}
