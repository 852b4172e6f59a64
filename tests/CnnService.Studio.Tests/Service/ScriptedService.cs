using System.Net;
using System.Text;
using CnnService.Client;

namespace CnnService.Studio.Tests.Service;

/// <summary>A service that answers as a test says, and that can be away.</summary>
/// <param name="answer">The status and the JSON for a method and a path with its query; status null: nobody answers.</param>
internal sealed class ScriptedService(Func<HttpMethod, string, (HttpStatusCode? Status, string Json)> answer) : HttpMessageHandler
{
    private const string Text = "application/json";

    /// <summary>A client of it that gives up at once.</summary>
    public CnnServiceClient Connect() => CnnServiceClient.Connect(
        new CnnServiceConnection { Address = new Uri("http://localhost:5000"), Attempts = 1 }, this);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (status, json) = answer(request.Method, request.RequestUri!.PathAndQuery);
        return status is { } code
            ? Task.FromResult(new HttpResponseMessage(code) { Content = new StringContent(json, Encoding.UTF8, MediaTypeOf(json)) })
            : throw new HttpRequestException("Connection refused.");
    }

    private static string MediaTypeOf(string body) => body.StartsWith("event:", StringComparison.Ordinal) ? "text/event-stream" : Text;
}
