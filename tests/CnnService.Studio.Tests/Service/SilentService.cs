using CnnService.Client;

namespace CnnService.Studio.Tests.Service;

/// <summary>A service that takes each request and does not answer.</summary>
internal sealed class SilentService : HttpMessageHandler
{
    public CnnServiceClient Connect() => CnnServiceClient.Connect(
        new CnnServiceConnection { Address = new Uri("http://localhost:5000"), Attempts = 1 }, this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return new();
    }
}
