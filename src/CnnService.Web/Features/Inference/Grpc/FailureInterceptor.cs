using Grpc.Core;
using Grpc.Core.Interceptors;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>
/// Ends a call whose method fails unexpectedly with the status that the same failure has over HTTP, and reveals no internals; a call that
/// its client has given up, or whose deadline is over, with the status for that.
/// </summary>
internal sealed partial class FailureInterceptor(TimeProvider clock, ILogger<FailureInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw ToException(failure, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw ToException(failure, context);
        }
    }

    private RpcException ToException(Exception failure, ServerCallContext context)
    {
        if (failure is OperationCanceledException && context.CancellationToken.IsCancellationRequested)
        {
            return new RpcException(context.Deadline <= clock.GetUtcNow().UtcDateTime
                ? new Status(StatusCode.DeadlineExceeded, "The deadline of the call is over.")
                : new Status(StatusCode.Cancelled, "The client gave the call up."));
        }

        var details = ErrorResponses.ToDetails(failure);
        if (details.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailure(failure, context.Method);
        }

        return RpcProblems.ToException(details);
    }
}
