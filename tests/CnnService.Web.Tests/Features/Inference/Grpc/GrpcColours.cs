namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>A service with an address for gRPC that serves <see cref="RedOrBlue"/> as version 1 of "colours".</summary>
public sealed class GrpcColours : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new(GrpcClient.Settings);

    internal GrpcClient Client => field ??= new GrpcClient(Service);

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(Service, "colours");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Service.DisposeAsync();
    }
}
