using CnnService.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.ClientPackage;

/// <summary>Problems arrive as what they are, and nothing is left of what was broken off.</summary>
public sealed class ClientProblemTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private CnnServiceClient Client => new(service.Client);

    [Fact]
    public async Task Problem_HasStatusCodeSentenceAndRequestId()
    {
        var problem = await Assert.ThrowsAsync<CnnServiceException<ProblemDetails>>(() => Client.GetDatasetAsync("nowhere"));
        Assert.Equal((404, "dataset.not-found"), (problem.StatusCode, problem.Code));
        Assert.StartsWith("404 dataset.not-found: There is no data set 'nowhere'", problem.Message, StringComparison.Ordinal);
        Assert.Equal(problem.Headers["X-Request-Id"].Single(), problem.RequestId);
        Assert.Empty(problem.Errors);
    }

    [Fact]
    public async Task BrokenRules_AreToldByField()
    {
        var problem = await Assert.ThrowsAsync<CnnServiceException<ProblemDetails>>(
            () => Client.TrainAsync(new() { Dataset = "d", Epochs = 0, Optimizer = new() { LearningRate = 11 } }));
        Assert.Equal(["epochs", "optimizer.learningRate"], problem.Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("must be between 1 and 10000, received 0", problem.Errors["epochs"][0]);
        Assert.Contains("epochs must be between", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImageThatIsRefused_IsAProblemToo()
    {
        using var image = new MemoryStream(RedOrBlue.Image(1, 2, 3));
        var problem = await Assert.ThrowsAsync<CnnServiceException<ProblemDetails>>(
            () => Client.DrawExplanationAsync(image, "nobody"));
        Assert.Equal("model.not-found", problem.Code);
    }

    [Fact]
    public async Task InferenceProtocol_TellsItsSentence()
    {
        var problem = await Assert.ThrowsAnyAsync<CnnServiceException>(() => Client.MetadataAsync("nobody"));
        Assert.Equal(404, problem.StatusCode);
        Assert.Contains("nobody", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledUpload_LeavesNoDataset()
    {
        using var cancel = new CancellationTokenSource();
        using var endless = new EndlessStream(cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Client.UploadDatasetAsync("broken-off", endless, cancellationToken: cancel.Token));
        Assert.True(endless.Given > 1 << 20);
        await Assert.ThrowsAsync<CnnServiceException<ProblemDetails>>(() => Client.GetDatasetAsync("broken-off"));
    }

    [Fact]
    public async Task RegisteredClient_IsConnected()
    {
        var services = new ServiceCollection();
        services.AddCnnServiceClient(new() { Address = new Uri("http://service.test/base"), ApiKey = "a-key" })
            .ConfigurePrimaryHttpMessageHandler(() => new Told());
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ICnnServiceClient>();
        var answer = await Assert.ThrowsAnyAsync<CnnServiceException>(() => client.LiveAsync());
        Assert.Equal("http://service.test/base/health/live a-key", answer.Headers["X-Seen"].Single());
    }

    /// <summary>Answers with the address and the key that it sees.</summary>
    private sealed class Told : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage(System.Net.HttpStatusCode.Gone) { Content = new StringContent("{}") };
            answer.Headers.Add("X-Seen", $"{request.RequestUri} {request.Headers.GetValues("X-Api-Key").Single()}");
            return Task.FromResult(answer);
        }
    }

    /// <summary>Bytes without end; cancels the call once two megabytes were taken.</summary>
    private sealed class EndlessStream(CancellationTokenSource cancel) : MemoryStream
    {
        private const long Enough = 2 << 20;

        public long Given { get; private set; }

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            if (Given > Enough)
            {
                cancel.Cancel();
            }

            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
