using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Features.Inference.Grpc;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>Messages that are too large or packed, calls that are given up, and failures that nobody expected.</summary>
public sealed class RpcLimitTests : IAsyncLifetime
{
    private const int PlaneBytes = 4 * 3 * RedOrBlue.Side * RedOrBlue.Side;

    private readonly WaitingRunner _runner = new();
    private readonly CnnServiceApplication _service;

    public RpcLimitTests() => _service = new(
        new(GrpcClient.Settings) { ["Limits:TensorBytes"] = $"{2 * PlaneBytes}" },
        services => services.Replace(ServiceDescriptor.Singleton<ITensorRunner>(_runner)));

    private GrpcClient Client => field ??= new GrpcClient(_service);

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task AMessageAboveTheLimitOfTensors_IsRefused() =>
        Assert.Equal(StatusCode.ResourceExhausted, (await FailAsync(default, images: 2)).StatusCode);

    [Fact]
    public async Task APackedMessage_IsRefused()
    {
        var packed = new CallOptions(headers: new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        Assert.Equal(StatusCode.Unimplemented, (await FailAsync(packed, images: 1)).StatusCode);
    }

    [Fact]
    public async Task ACancelledCall_GivesUpItsRun()
    {
        using var cancel = new CancellationTokenSource();
        var call = FailAsync(new CallOptions(cancellationToken: cancel.Token), images: 1);
        await _runner.Entered;
        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await call).StatusCode);
        await _runner.Cancelled;
    }

    /// <summary>Client and service both watch the deadline; the service says "cancelled" where the client is first.</summary>
    [Fact]
    public async Task ADeadline_GivesUpTheRun()
    {
        var failure = await FailAsync(new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5)), images: 1);

        Assert.Contains(failure.StatusCode, new[] { StatusCode.DeadlineExceeded, StatusCode.Cancelled });
        await _runner.Cancelled;
    }

    [Fact]
    public async Task AFailureThatNobodyExpected_IsInternalAndTellsNothing()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.CallAsync<ModelMetadataRequest, ModelMetadataResponse>("ModelMetadata", new() { Name = "colours" }));

        Assert.Equal((StatusCode.Internal, "service.failed"), (failure.StatusCode, failure.Trailers.GetValue("problem-code")));
        Assert.DoesNotContain(WaitingRunner.Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTimeLimitOfServing_IsADeadline()
    {
        var decoder = new EndlessDecoder();
        await using var service = new CnnServiceApplication(
            new(GrpcClient.Settings) { ["Serving:DefaultTimeout"] = "00:00:00.100" },
            services => services.Replace(ServiceDescriptor.Singleton<Core.Datasets.IImageDecoder>(decoder)));
        using var client = new GrpcClient(service);
        try
        {
            await RedOrBlue.PublishAsync(service, "colours");

            var got = await new GrpcTransport(client, isRaw: true).InferAsync("colours", null, Sent.One(SentTensor.Images([1])));

            Assert.Equal(StatusCode.DeadlineExceeded, got.Status);
            Assert.Equal("There was no answer within 0.1 s.", got.Error);
        }
        finally
        {
            decoder.End();
        }
    }

    private static ModelInferRequest RequestOf(int images)
    {
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "input", Datatype = "FP32" };
        input.Shape.Add([images, 3, RedOrBlue.Side, RedOrBlue.Side]);
        var request = new ModelInferRequest { ModelName = "colours", Inputs = { input } };
        request.RawInputContents.Add(ByteString.CopyFrom(new byte[images * PlaneBytes]));
        return request;
    }

    private Task<RpcException> FailAsync(CallOptions options, int images) => Assert.ThrowsAsync<RpcException>(
        async () => await Client.CallAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", RequestOf(images), options));

    /// <summary>Runs until it is cancelled, and cannot describe anything.</summary>
    private sealed class WaitingRunner : ITensorRunner
    {
        public const string Secret = "secret /data/keys";

        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public Task Cancelled => _cancelled.Task;

        public async ValueTask<Outcome<TensorAnswer>> RunAsync(
            LoadedModel model, int images, Func<IAnswerLimit, ValueTask<Outcome<TensorInput>>> input, IReadOnlyList<string>? outputs,
            CancellationToken cancel)
        {
            _entered.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                _cancelled.TrySetResult();
            }

            throw new InvalidOperationException("It waits for ever.");
        }

        public ValueTask<Outcome<TensorSignature>> DescribeAsync(LoadedModel model, CancellationToken cancel) =>
            throw new InvalidOperationException(Secret);

        public ServingCounts Counts(LoadedModel model) => new();

        public void Unload(LoadedModel model)
        {
        }
    }
}
