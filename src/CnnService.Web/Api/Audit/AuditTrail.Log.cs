namespace CnnService.Web.Api.Audit;

internal sealed partial class AuditTrail
{
    [LoggerMessage(LogLevel.Warning, "{Operation} of {Resource} was not recorded for GET /audit: the database does not answer")]
    private partial void LogLost(string operation, string resource);
}
