namespace CnnService.Web.Features.Inference.Grpc;

internal sealed partial class FailureInterceptor
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The gRPC method {Method} failed.")]
    private partial void LogFailure(Exception failure, string method);
}
