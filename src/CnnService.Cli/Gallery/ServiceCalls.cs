using System.Net;
using System.Text.Json;

namespace CnnService.Cli.Gallery;

/// <summary>Calls to a running service; what it refuses is an <see cref="HttpRequestException"/> with its words.</summary>
/// <param name="client">With its address and key.</param>
internal sealed class ServiceCalls(HttpClient client)
{
    public async Task<JsonElement> JsonAsync(string path, CancellationToken cancel) => JsonSerializer.Deserialize<JsonElement>(await BytesAsync(path, cancel));

    /// <summary>The answer's body; asks again where the service says that it is still at work.</summary>
    public async Task<byte[]> BytesAsync(string path, CancellationToken cancel)
    {
        while (true)
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancel);
            var body = await answer.Content.ReadAsByteArrayAsync(cancel);
            if (!answer.IsSuccessStatusCode)
            {
                throw new HttpRequestException($"GET /{path} answered {(int)answer.StatusCode}: {Detail(body)}", null, answer.StatusCode);
            }

            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                return body;
            }

            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), cancel);
        }
    }

    private static string Detail(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("detail").GetString() ?? string.Empty;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "the answer is no problem of this service.";
        }
    }
}
