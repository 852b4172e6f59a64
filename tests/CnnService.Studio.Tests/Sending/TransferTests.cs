using System.Net;
using System.Text;
using Bunit;
using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Sending;

namespace CnnService.Studio.Tests.Sending;

public sealed class TransferTests : BunitContext
{
    private const int Bytes = 3;

    [Fact]
    public async Task SendAsync_OnePiece_IsCountedAndComplete()
    {
        using var service = new UploadService(HttpStatusCode.NoContent);
        await using var transfer = Transfer();

        await transfer.SendAsync(Client(service), TimeProvider.System);

        Assert.Null(transfer.Failure);
        Assert.True(transfer.IsComplete);
        Assert.Equal(Bytes, service.Received);
    }

    [Fact]
    public async Task SendAsync_Refused_TellsWhy()
    {
        using var service = new UploadService(HttpStatusCode.InsufficientStorage);
        await using var transfer = Transfer();

        await transfer.SendAsync(Client(service), TimeProvider.System);

        Assert.IsType<CnnServiceException>(transfer.Failure, exactMatch: false);
        Assert.False(transfer.IsComplete);
    }

    private static CnnServiceClient Client(HttpMessageHandler service) =>
        CnnServiceClient.Connect(new CnnServiceConnection { Address = new Uri("http://localhost:5000") }, service);

    /// <summary>An archive of three bytes, which the browser's module reads.</summary>
    private Transfer Transfer()
    {
        var module = JSInterop.SetupModule("./js/drop.js");
        module.Setup<byte[]>("read", _ => true).SetResult(new byte[Bytes]);
        module.SetupVoid("forget", _ => true).SetVoidResult();
        var files = new DroppedFiles(new Dropping(JSInterop.JSRuntime), new Drop(1, ["pets.zip"], [Bytes]));
        return new Transfer(files, "abc", 0);
    }

    /// <summary>Takes pieces of one upload.</summary>
    private sealed class UploadService(HttpStatusCode answer) : HttpMessageHandler
    {
        public long Received { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
            {
                var state = $$"""
                    {"id":"abc","size":{{Bytes}},"offset":{{Received}},"isComplete":false,"expiresAt":"2026-01-01T00:00:00Z"}
                    """;
                return new(HttpStatusCode.OK) { Content = new StringContent(state, Encoding.UTF8, "application/json") };
            }

            Received += (await request.Content!.ReadAsByteArrayAsync(cancellationToken)).Length;
            return new(answer) { Content = new StringContent("{\"code\":\"storage.full\"}", Encoding.UTF8, "application/problem+json") };
        }
    }
}
