using CnnService.Web.Features.Inference.Grpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>Keys, scopes and limits over gRPC, as they are over HTTP; health for all, reflection for those who may read.</summary>
public sealed class RpcAccessTests : IAsyncDisposable
{
    private readonly List<IDisposable> _clients = [];

    private CnnServiceApplication Service => field ??= new(Settings);

    private static Dictionary<string, string> Settings => Keys.Settings().Concat(GrpcClient.Settings).Concat(
    [
        new("Limits:RequestsPerSecond", "1"), new("Limits:RequestBurst", "20"), new("Limits:UnknownKeysPerMinute", "2"),
    ]).ToDictionary();

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Service.DisposeAsync();
    }

    [Fact]
    public async Task WithoutAKey_OnlyHealthAnswers()
    {
        var client = With(null);

        await client.CallAsync<ServerLiveRequest, ServerLiveResponse>("ServerLive", new());
        Assert.True((await client.CallAsync<ServerReadyRequest, ServerReadyResponse>("ServerReady", new())).Ready);
        var health = new Health.HealthClient(client.Invoker);
        foreach (var name in new[] { string.Empty, "inference.GRPCInferenceService" })
        {
            Assert.Equal(
                HealthCheckResponse.Types.ServingStatus.Serving,
                (await health.CheckAsync(new HealthCheckRequest { Service = name })).Status);
        }

        Assert.Equal((StatusCode.Unauthenticated, "auth.required"), await FailAsync(client, "ServerMetadata"));
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => ServicesAsync(client))).StatusCode);
    }

    [Fact]
    public async Task AKey_MayWhatItsScopeAllows()
    {
        foreach (var (method, below, scope) in new[]
        {
            ("ServerMetadata", null, "read"), ("RepositoryIndex", null, "read"), ("ModelInfer", "read", "classify"),
            ("RepositoryModelLoad", "train", "admin"), ("RepositoryModelUnload", "train", "admin"),
        })
        {
            var (allowed, _) = await FailAsync(With(Keys.Of(scope)), method);
            Assert.Contains(allowed, new[] { StatusCode.OK, StatusCode.InvalidArgument });
            if (below is not null)
            {
                Assert.Equal((StatusCode.PermissionDenied, "auth.forbidden"), await FailAsync(With(Keys.Of(below)), method));
            }
        }
    }

    [Fact]
    public async Task UnknownKeys_AreLimitedByAddress()
    {
        var client = With("cnn_unknown");

        Assert.Equal((StatusCode.Unauthenticated, "auth.required"), await FailAsync(client, "ServerMetadata"));
        Assert.Equal((StatusCode.Unauthenticated, "auth.required"), await FailAsync(client, "ServerMetadata"));
        Assert.Equal((StatusCode.Unavailable, "auth.too-many"), await FailAsync(client, "ServerMetadata"));
    }

    [Fact]
    public async Task TooManyRequestsOfAKey_AreToldToWait()
    {
        var client = With(Keys.Of("read"));
        RpcException? refused = null;
        for (var i = 0; i < 200 && refused is null; i++)
        {
            try
            {
                await client.CallAsync<ServerMetadataRequest, ServerMetadataResponse>("ServerMetadata", new());
            }
            catch (RpcException failure)
            {
                refused = failure;
            }
        }

        Assert.Equal(StatusCode.Unavailable, refused?.StatusCode);
        Assert.Equal("request.too-many", refused?.Trailers.GetValue("problem-code"));
        Assert.Matches("^[1-9][0-9]*$", refused?.Trailers.GetValue("grpc-retry-pushback-ms"));
        await client.CallAsync<ServerLiveRequest, ServerLiveResponse>("ServerLive", new());
    }

    [Fact]
    public async Task TooManyRequestsOfAStream_AreRefusedAsThoseOfAKey()
    {
        using var stream = With(Keys.Of("classify")).Stream<ModelInferRequest, ModelStreamInferResponse>("ModelStreamInfer");
        var error = string.Empty;
        for (var i = 0; i < 200 && !error.Contains("requests a second", StringComparison.Ordinal); i++)
        {
            await stream.RequestStream.WriteAsync(new ModelInferRequest { ModelName = "none" });
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
            error = stream.ResponseStream.Current.ErrorMessage;
        }

        Assert.StartsWith("A key may send 1 requests a second", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reflection_ListsTheServices() => Assert.Equal(
        ["grpc.health.v1.Health", "inference.GRPCInferenceService"],
        (await ServicesAsync(With(Keys.Of("read")))).Where(name => !name.StartsWith("grpc.reflection", StringComparison.Ordinal)));

    private static async Task<IEnumerable<string>> ServicesAsync(GrpcClient client)
    {
        using var call = new ServerReflection.ServerReflectionClient(client.Invoker).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = string.Empty });
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order();
    }

    /// <summary>Calls a method with an empty request; the status, and the code of the problem.</summary>
    private static async Task<(StatusCode Status, string? Code)> FailAsync(GrpcClient client, string method)
    {
        try
        {
            // No field of a response matters here, and a message without any skips them.
            await client.CallAsync<ServerMetadataRequest, ServerLiveRequest>(method, new());
            return (StatusCode.OK, null);
        }
        catch (RpcException failure)
        {
            return (failure.StatusCode, failure.Trailers.GetValue("problem-code"));
        }
    }

    private GrpcClient With(string? key)
    {
        var client = new GrpcClient(Service, key);
        _clients.Add(client);
        return client;
    }
}
