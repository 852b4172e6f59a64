using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>
/// Calls a service of this process by gRPC. Its requests count as coming to the address for gRPC, which exists in a process of its own
/// only.
/// </summary>
internal sealed class GrpcClient : IDisposable
{
    private const int Port = 5999;

    private readonly GrpcChannel _channel;

    /// <param name="service">A service with <see cref="Settings"/>.</param>
    /// <param name="key">Sent as metadata; null: none.</param>
    public GrpcClient(CnnServiceApplication service, string? key = null)
    {
        Handler = service.Server.CreateHandler(http => http.Connection.LocalPort = Port);
        _channel = GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpHandler = Handler, MaxReceiveMessageSize = null });
        Invoker = key is null ? _channel.CreateCallInvoker() : _channel.CreateCallInvoker().Intercept(metadata =>
        {
            metadata.Add("x-api-key", key);
            return metadata;
        });
    }

    /// <summary>The settings of a service with an address for gRPC.</summary>
    public static Dictionary<string, string> Settings => new() { ["Grpc:Url"] = $"http://127.0.0.1:{Port}" };

    public CallInvoker Invoker { get; }

    /// <summary>Sends requests of any kind to the address for gRPC.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>A call of the inference service, by its published name.</summary>
    public AsyncUnaryCall<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request, CallOptions options = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        Invoker.AsyncUnaryCall(MethodOf<TRequest, TResponse>(MethodType.Unary, method), host: null, options, request);

    /// <summary>A call of the inference service with many requests and responses.</summary>
    public AsyncDuplexStreamingCall<TRequest, TResponse> Stream<TRequest, TResponse>(string method)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        Invoker.AsyncDuplexStreamingCall(MethodOf<TRequest, TResponse>(MethodType.DuplexStreaming, method), host: null, default);

    public void Dispose() => _channel.Dispose();

    private static Method<TRequest, TResponse> MethodOf<TRequest, TResponse>(MethodType type, string method)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        new(type, "inference.GRPCInferenceService", method, MarshallerOf<TRequest>(), MarshallerOf<TResponse>());

    private static Marshaller<T> MarshallerOf<T>()
        where T : class, IMessage<T>, new() =>
        Marshallers.Create(message => message.ToByteArray(), new MessageParser<T>(() => new T()).ParseFrom);
}
