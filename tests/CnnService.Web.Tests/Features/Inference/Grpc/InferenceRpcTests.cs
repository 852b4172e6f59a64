using System.Text;
using CnnService.Web.Features.Inference.Grpc;
using Google.Protobuf;
using Grpc.Core;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>Every call of the protocol beside infer, held to the answers of the HTTP form.</summary>
public sealed class InferenceRpcTests : IAsyncLifetime
{
    private static readonly JsonParser Lenient = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(message => message, message => message);

    private readonly CnnServiceApplication _service = new(GrpcClient.Settings);

    private GrpcClient Client => field ??= new GrpcClient(_service);

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task ServerCalls_TellWhatTheServerIs()
    {
        var live = await CallAsync<ServerLiveRequest, ServerLiveResponse>("ServerLive", new());
        var ready = await CallAsync<ServerReadyRequest, ServerReadyResponse>("ServerReady", new());
        var metadata = await CallAsync<ServerMetadataRequest, ServerMetadataResponse>("ServerMetadata", new());

        Assert.True(live.Live);
        Assert.True(ready.Ready);
        Assert.Equal("cnnservice", metadata.Name);
        Assert.Equal(await FromHttpAsync<ServerMetadataResponse>("v2"), metadata);
    }

    [Theory]
    [InlineData("", "v2/models/colours")]
    [InlineData("1", "v2/models/colours/versions/1")]
    public async Task ModelCalls_TellWhatHttpTells(string version, string path)
    {
        var ready = await CallAsync<ModelReadyRequest, ModelReadyResponse>("ModelReady", new() { Name = "colours", Version = version });
        var metadata = await CallAsync<ModelMetadataRequest, ModelMetadataResponse>(
            "ModelMetadata", new() { Name = "colours", Version = version });
        var config = await CallAsync<ModelConfigRequest, ModelConfigResponse>("ModelConfig", new() { Name = "colours", Version = version });

        Assert.True(ready.Ready);
        Assert.Equal(await FromHttpAsync<ModelMetadataResponse>(path), metadata);
        Assert.Equal(["1"], metadata.Versions);
        Assert.Equal([-1, 3, 32, 32], Assert.Single(metadata.Inputs).Shape);
        Assert.Equal(await FromHttpAsync<ModelConfig>($"{path}/config"), config.Config);
        Assert.Equal(
            (DataType.TypeFp32, ModelInput.Types.Format.Nchw, 8),
            (config.Config.Input[0].DataType, config.Config.Input[0].Format, config.Config.MaxBatchSize));
        Assert.Equal(ModelInstanceGroup.Types.Kind.Cpu, Assert.Single(config.Config.InstanceGroup).Kind);
    }

    [Fact]
    public async Task Statistics_CountTheRequestsOfBothForms()
    {
        await InferByHttpAsync();
        await CallAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", OneImage());

        var one = await CallAsync<ModelStatisticsRequest, ModelStatisticsResponse>("ModelStatistics", new() { Name = "colours" });
        var all = await CallAsync<ModelStatisticsRequest, ModelStatisticsResponse>("ModelStatistics", new());

        Assert.Equal(2UL, Assert.Single(one.ModelStats).InferenceCount);
        Assert.Equal(2UL, one.ModelStats[0].InferenceStats.Success.Count);
        Assert.True(one.ModelStats[0].InferenceStats.ComputeInfer.Ns > 0);
        Assert.Equal(await FromHttpAsync<ModelStatisticsResponse>("v2/models/colours/stats"), one);
        Assert.Equal(await FromHttpAsync<ModelStatisticsResponse>("v2/models/stats"), all);
    }

    [Fact]
    public async Task Unload_MakesTheModelNotReadyInBothFormsUntilItIsLoaded()
    {
        await UnloadAsync();

        var index = await CallAsync<RepositoryIndexRequest, RepositoryIndexResponse>("RepositoryIndex", new());
        var unready = Assert.Single(index.Models);
        Assert.Equal(("colours", "1", "UNAVAILABLE", "unloaded"), (unready.Name, unready.Version, unready.State, unready.Reason));
        Assert.Empty((await CallAsync<RepositoryIndexRequest, RepositoryIndexResponse>("RepositoryIndex", new() { Ready = true })).Models);
        Assert.False((await CallAsync<ModelReadyRequest, ModelReadyResponse>("ModelReady", new() { Name = "colours" })).Ready);
        var refused = await FailAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", OneImage());
        Assert.Equal((StatusCode.Unavailable, "model.unloaded"), (refused.StatusCode, refused.Trailers.GetValue("problem-code")));
        Assert.Equal("1000", refused.Trailers.GetValue("grpc-retry-pushback-ms"));
        using var byHttp = await _service.Client.GetAsync(CnnServiceApplication.Relative("v2/models/colours/ready"));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, byHttp.StatusCode);

        await CallAsync<RepositoryModelLoadRequest, RepositoryModelLoadResponse>(
            "RepositoryModelLoad", new() { ModelName = "colours" });
        await CallAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", OneImage());
    }

    [Fact]
    public async Task WhatIsNotThere_IsNotFound()
    {
        RpcException[] failures =
        [
            await FailAsync<ModelReadyRequest, ModelReadyResponse>("ModelReady", new() { Name = "none" }),
            await FailAsync<ModelMetadataRequest, ModelMetadataResponse>("ModelMetadata", new() { Name = "colours", Version = "9" }),
            await FailAsync<ModelConfigRequest, ModelConfigResponse>("ModelConfig", new() { Name = "none" }),
            await FailAsync<ModelStatisticsRequest, ModelStatisticsResponse>("ModelStatistics", new() { Name = "none" }),
            await FailAsync<RepositoryModelLoadRequest, RepositoryModelLoadResponse>("RepositoryModelLoad", new() { ModelName = "none" }),
            await FailAsync<RepositoryModelUnloadRequest, RepositoryModelUnloadResponse>(
                "RepositoryModelUnload", new() { ModelName = "none" }),
        ];

        Assert.All(failures, failure => Assert.Equal(StatusCode.NotFound, failure.StatusCode));
    }

    [Fact]
    public async Task WhatIsNotSupported_IsUnimplemented()
    {
        var load = new RepositoryModelLoadRequest { ModelName = "colours" };
        load.Parameters.Add("config", new() { StringParam = "{}" });

        Assert.Equal(StatusCode.Unimplemented,
            (await FailAsync<RepositoryModelLoadRequest, RepositoryModelLoadResponse>("RepositoryModelLoad", load)).StatusCode);
        Assert.Equal(StatusCode.Unimplemented,
            (await FailAsync<ServerLiveRequest, ServerLiveResponse>("SystemSharedMemoryStatus", new())).StatusCode);
    }

    [Fact]
    public async Task AnEmptyName_IsNoModel() => Assert.Equal(
        StatusCode.InvalidArgument,
        (await FailAsync<ModelMetadataRequest, ModelMetadataResponse>("ModelMetadata", new())).StatusCode);

    [Fact]
    public async Task MethodsAndRoutes_AnswerOnTheirOwnAddressOnly()
    {
        using var content = new ByteArrayContent(new byte[5]);
        content.Headers.ContentType = new("application/grpc");
        using var method = await _service.Client.PostAsync(
            CnnServiceApplication.Relative("inference.GRPCInferenceService/ServerLive"), content);
        await ProblemAssert.IsAsync(method, System.Net.HttpStatusCode.NotFound);

        using var http = new HttpMessageInvoker(Client.Handler, disposeHandler: false);
        foreach (var path in new[] { "health/live", "swagger/index.html" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost/{path}");
            using var route = await http.SendAsync(request, CancellationToken.None);
            await ProblemAssert.IsAsync(route, System.Net.HttpStatusCode.UnsupportedMediaType, "request.grpc-only");
        }

        var index = await Assert.ThrowsAsync<RpcException>(async () => await Client.Invoker.AsyncUnaryCall(
            new Method<byte[], byte[]>(MethodType.Unary, "v2", "repository/index", Bytes, Bytes), host: null, default, []));
        Assert.Equal(StatusCode.Unimplemented, index.StatusCode);
    }

    [Fact]
    public async Task Infer_WithContentsInTwoForms_IsRefused()
    {
        var request = OneImage();
        request.RawInputContents.Add(ByteString.CopyFrom(1, 2, 3));
        var surplus = OneImage();
        surplus.RawInputContents.Add([ByteString.Empty, ByteString.Empty]);
        var bare = OneImage();
        bare.Inputs[0].Contents = null;

        Assert.Contains("must not have both", (await FailAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", request)).Status.Detail,
            StringComparison.Ordinal);
        Assert.Contains("of all 1 inputs", (await FailAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", surplus)).Status.Detail,
            StringComparison.Ordinal);
        Assert.Contains("needs contents", (await FailAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", bare)).Status.Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStream_AnswersEachRequestInItsPlaceAndOutlivesFaults()
    {
        var faulty = OneImage("2");
        faulty.ModelName = "none";
        using var stream = Client.Stream<ModelInferRequest, ModelStreamInferResponse>("ModelStreamInfer");
        var answers = new List<(string Id, int Outputs, string Error)>();
        foreach (var request in new[] { OneImage("1"), faulty, OneImage("3") })
        {
            await stream.RequestStream.WriteAsync(request);
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
            var answer = stream.ResponseStream.Current;
            answers.Add((answer.InferResponse.Id, answer.InferResponse.Outputs.Count, answer.ErrorMessage));
        }

        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal([("1", 1), ("2", 0), ("3", 1)], answers.Select(answer => (answer.Id, answer.Outputs)));
        Assert.Equal(string.Empty, answers[0].Error);
        Assert.Contains("none", answers[1].Error, StringComparison.Ordinal);
    }

    private static ModelInferRequest OneImage(string id = "")
    {
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "image", Datatype = "BYTES", Contents = new() };
        input.Shape.Add(1);
        input.Contents.BytesContents.Add(ByteString.CopyFrom(RedOrBlue.Image(255, 0, 0)));
        return new ModelInferRequest { ModelName = "colours", Id = id, Inputs = { input } };
    }

    private async Task InferByHttpAsync()
    {
        var got = await new HttpTransport(_service, isBinary: true).InferAsync(
            "colours", null, Sent.One(SentTensor.Images(RedOrBlue.Image(255, 0, 0))));
        Assert.Equal(StatusCode.OK, got.Status);
    }

    private Task<RepositoryModelUnloadResponse> UnloadAsync() =>
        CallAsync<RepositoryModelUnloadRequest, RepositoryModelUnloadResponse>("RepositoryModelUnload", new() { ModelName = "colours" });

    /// <summary>The body of an HTTP answer, read as the message.</summary>
    private async Task<T> FromHttpAsync<T>(string path)
        where T : IMessage, new() =>
        Lenient.Parse<T>(Encoding.UTF8.GetString(await _service.Client.GetByteArrayAsync(CnnServiceApplication.Relative(path))));

    private async Task<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => await Client.CallAsync<TRequest, TResponse>(method, request);

    private Task<RpcException> FailAsync<TRequest, TResponse>(string method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        Assert.ThrowsAsync<RpcException>(() => CallAsync<TRequest, TResponse>(method, request));
}
