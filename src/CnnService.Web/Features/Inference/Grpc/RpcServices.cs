using CnnService.Web.Hosting;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>
/// Registers and maps the inference protocol over gRPC, with health and reflection, where an address for it is set; otherwise nothing of
/// it is loaded.
/// </summary>
internal static class RpcServices
{
    /// <summary>What a message has before it on the wire, in bytes: a flag and its length.</summary>
    private const int MessagePrefix = 5;

    public static void AddInferenceGrpc(this IServiceCollection services, IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration[GrpcAddress.Setting]))
        {
            Add(services);
        }
    }

    public static void MapInferenceGrpc(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<GrpcAddress>() is not null)
        {
            Map(routes);
        }
    }

    private static void Add(IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.IgnoreUnknownServices = true; // They are answered as unknown routes are, which wants no scope.
            grpc.Interceptors.Add<FailureInterceptor>();
        });
        services.AddOptions<GrpcServiceOptions>()
            .Configure<IOptions<LimitOptions>>((grpc, limits) =>
                grpc.MaxReceiveMessageSize = (int)Math.Min(limits.Value.TensorBytes, int.MaxValue))
            .PostConfigure(grpc => grpc.CompressionProviders.Clear()); // What they unpack is not bounded.
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks(health => health.Services.Map(GRPCInferenceService.Descriptor.FullName, _ => true))
            .AddCheck<ServerHealth>("ready");
        services.AddSingleton<FailureInterceptor>().AddSingleton<ServerHealth>().AddTransient<InferenceServices>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<InferenceRpc>().OnGrpcAddress().AllowBody(limits => limits.TensorBytes + MessagePrefix);
        routes.MapGrpcHealthChecksService().OnGrpcAddress().AllowAnonymous().DisableRateLimiting();
        routes.MapGrpcReflectionService().OnGrpcAddress().RequireAuthorization(Scopes.Read);
    }

    private static T OnGrpcAddress<T>(this T methods)
        where T : IEndpointConventionBuilder => methods.WithMetadata(GrpcRoute.Instance, new ExcludeFromDescriptionAttribute());
}
