using System.Net;

namespace CnnService.Studio.Service;

/// <summary>Sends the person's key with every request, in a header, and asks for one where the service wants it.</summary>
internal sealed class KeyHandler(KeyStore keys) : DelegatingHandler
{
    private const string Header = "X-Api-Key";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var key = await keys.ReadAsync();
        if (key is not null)
        {
            request.Headers.Remove(Header);
            request.Headers.Add(Header, key);
        }

        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            keys.Ask();
        }

        return answer;
    }
}
