using System.Net;

namespace CnnService.Web.Api.Security;

internal sealed partial class UnknownKeys
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A request with an unknown key came from {Address}; {Others} others came since the last such message.")]
    private partial void LogUnknownKey(IPAddress? address, long others);
}
