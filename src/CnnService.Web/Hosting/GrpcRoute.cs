namespace CnnService.Web.Hosting;

/// <summary>Marks an endpoint as a method of gRPC, which answers on the address for gRPC only.</summary>
internal sealed class GrpcRoute
{
    public static GrpcRoute Instance { get; } = new();

    private GrpcRoute()
    {
    }
}
