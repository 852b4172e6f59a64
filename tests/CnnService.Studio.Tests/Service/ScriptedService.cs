using System.Net;
using System.Text;
using CnnService.Client;

namespace CnnService.Studio.Tests.Service;

/// <summary>A service that answers as a test says, and that can be away.</summary>
/// <param name="answer">The status and the JSON for a method, a path with its query, and a body; status null: nobody answers.</param>
internal sealed class ScriptedService(Func<HttpMethod, string, string, (HttpStatusCode? Status, string Json)> answer) : HttpMessageHandler
{
    private const string Text = "application/json";

    /// <param name="answer">The same without a body.</param>
    public ScriptedService(Func<HttpMethod, string, (HttpStatusCode? Status, string Json)> answer)
        : this((method, path, _) => answer(method, path))
    {
    }

    /// <summary>A client of it that gives up at once.</summary>
    public CnnServiceClient Connect() => CnnServiceClient.Connect(
        new CnnServiceConnection { Address = new Uri("http://localhost:5000"), Attempts = 1 }, this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : string.Empty;
        var (status, json) = answer(request.Method, request.RequestUri!.PathAndQuery, body);
        return status is { } code
            ? new HttpResponseMessage(code) { Content = new StringContent(json, Encoding.UTF8, MediaTypeOf(json)) }
            : throw new HttpRequestException("Connection refused.");
    }

    private static string MediaTypeOf(string body) => body.StartsWith("event:", StringComparison.Ordinal) ? "text/event-stream" : Text;
}
