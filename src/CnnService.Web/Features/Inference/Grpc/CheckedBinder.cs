using CnnService.Core.Common;
using Google.Protobuf;
using Grpc.Core;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>
/// Binds methods whose messages are refused as invalid requests where their bytes are no message: the library alone would take that for
/// a failure of the method.
/// </summary>
internal sealed class CheckedBinder(ServiceBinderBase binder) : ServiceBinderBase
{
    private static readonly Problem Unreadable =
        Problem.Invalid("inference.invalid", "The message cannot be read: its bytes are none of the protocol's fields.");

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        binder.AddMethod(Checked(method), handler);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        binder.AddMethod(Checked(method), handler);

    private static Method<TRequest, TResponse> Checked<TRequest, TResponse>(Method<TRequest, TResponse> method)
    {
        var marshaller = method.RequestMarshaller;
        TRequest Read(DeserializationContext context)
        {
            try
            {
                return marshaller.ContextualDeserializer(context);
            }
            catch (InvalidProtocolBufferException)
            {
                throw Unreadable.ToException();
            }
        }

        return new(
            method.Type, method.ServiceName, method.Name, Marshallers.Create(marshaller.ContextualSerializer, Read),
            method.ResponseMarshaller);
    }
}
