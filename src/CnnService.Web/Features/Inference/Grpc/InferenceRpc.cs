using CnnService.Core.Common;
using CnnService.Web.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>
/// The Open Inference Protocol over gRPC. Decides nothing itself: each method asks what the route under <c>/v2</c> asks, with the same
/// scope.
/// </summary>
[BindServiceMethod(typeof(InferenceRpc), nameof(Bind))]
internal sealed class InferenceRpc(InferenceServices services, ServerHealth health, Draining draining)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    /// <summary>Called where the service is mapped, once.</summary>
    public static void Bind(ServiceBinderBase binder, GRPCInferenceService.GRPCInferenceServiceBase? service) =>
        GRPCInferenceService.BindService(new CheckedBinder(binder), service);

    [AllowAnonymous]
    [DisableRateLimiting]
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    [AllowAnonymous]
    [DisableRateLimiting]
    public override async Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        new() { Ready = await health.IsReadyAsync(context.CancellationToken) };

    [Authorize(Scopes.Read)]
    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(RpcMessages.ToMessage<ServerMetadataResponse>(ModelAnswers.Server()));

    /// <summary>A version that is there and cannot be run now is not ready; one that is not there is not found.</summary>
    [Authorize(Scopes.Read)]
    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        var ready = await ModelAnswers.ReadyAsync(services, request.Name, VersionOf(request.Version), context.CancellationToken);
        return ready.Problem is { Kind: ProblemKind.Unavailable }
            ? new()
            : RpcMessages.ToMessage<ModelReadyResponse>(ready.OrThrow());
    }

    [Authorize(Scopes.Read)]
    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context) =>
        ModelAnswers.MetadataAsync(services, request.Name, VersionOf(request.Version), context.CancellationToken)
            .ToMessageAsync<ModelMetadataResponse>();

    [Authorize(Scopes.Read)]
    public override async Task<ModelConfigResponse> ModelConfig(ModelConfigRequest request, ServerCallContext context) => new()
    {
        Config = await ModelAnswers.ConfigAsync(services, request.Name, VersionOf(request.Version), context.CancellationToken)
            .ToMessageAsync<ModelConfig>(),
    };

    [Authorize(Scopes.Read)]
    public override async Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context) =>
        request.Name.Length == 0
            ? RpcMessages.ToMessage<ModelStatisticsResponse>(
                await ModelAnswers.AllStatisticsAsync(services, context.CancellationToken))
            : await ModelAnswers.StatisticsAsync(services, request.Name, VersionOf(request.Version))
                .ToMessageAsync<ModelStatisticsResponse>();

    [Authorize(Scopes.Classify)]
    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) =>
        (await InferAsync(request, context.CancellationToken)).OrThrow();

    /// <summary>
    /// One answer for each request, in their order. A request that fails is answered with its sentence, and the stream goes on; it ends
    /// when the service stops.
    /// </summary>
    [Authorize(Scopes.Classify)]
    public override async Task ModelStreamInfer(
        IAsyncStreamReader<ModelInferRequest> requestStream, IServerStreamWriter<ModelStreamInferResponse> responseStream,
        ServerCallContext context)
    {
        var http = context.GetHttpContext();
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, draining.Over);
        try
        {
            await foreach (var request in requestStream.ReadAllAsync(reading.Token))
            {
                var answer = RateLimits.Count(http) is { } refused ? refused : await InferAsync(request, context.CancellationToken);
                await responseStream.WriteAsync(StreamedOf(request, answer), context.CancellationToken);
            }
        }
        catch (OperationCanceledException)
            when (draining.Over.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw Draining.Stopping.ToException();
        }
    }

    [Authorize(Scopes.Read)]
    public override async Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context) =>
        RpcMessages.ToMessage<RepositoryIndexResponse>(
            new { models = await RepositoryAnswers.IndexAsync(services, request.Ready, context.CancellationToken) });

    [Authorize(Scopes.Admin)]
    public override Task<RepositoryModelLoadResponse> RepositoryModelLoad(
        RepositoryModelLoadRequest request, ServerCallContext context) =>
        RepositoryAnswers.LoadAsync(services, request.ModelName, request.Parameters.Count > 0, context.CancellationToken)
            .ToMessageAsync<RepositoryModelLoadResponse>();

    [Authorize(Scopes.Admin)]
    public override Task<RepositoryModelUnloadResponse> RepositoryModelUnload(
        RepositoryModelUnloadRequest request, ServerCallContext context) =>
        RepositoryAnswers.UnloadAsync(services, request.ModelName, context.CancellationToken)
            .ToMessageAsync<RepositoryModelUnloadResponse>();

    /// <summary>Null for the newest version, which messages have no other word for.</summary>
    private static string? VersionOf(string version) => version.Length > 0 ? version : null;

    private static ModelStreamInferResponse StreamedOf(ModelInferRequest request, Outcome<ModelInferResponse> answer) => answer.Match(
        response => new ModelStreamInferResponse { InferResponse = response },
        problem => new ModelStreamInferResponse
        {
            ErrorMessage = problem.ToException().Status.Detail,
            InferResponse = new() { Id = request.Id },
        });

    private async Task<Outcome<ModelInferResponse>> InferAsync(ModelInferRequest message, CancellationToken cancel)
    {
        var model = await services.FindAsync(message.ModelName, VersionOf(message.ModelVersion));
        var request = model.Bind(_ => RpcRequest.Read(message));
        var answer = await request.BindAsync(read => services.RunAsync(model.Value, read, RpcRequest.BodyOf(message), cancel));
        return answer.Map(ran => RpcResponse.From(model.Value, request.Value, ran));
    }
}
