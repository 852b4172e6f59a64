using System.Net;
using System.Text.Json;

namespace CnnService.Cli.Gallery;

/// <summary>Calls a running service. An error response becomes an <see cref="HttpRequestException"/> with the problem's detail.</summary>
/// <param name="client">With base address and API key set.</param>
internal sealed class ServiceClient(HttpClient client)
{
    public async Task<JsonElement> JsonAsync(string path, CancellationToken cancel) =>
        JsonSerializer.Deserialize<JsonElement>(await BytesAsync(path, cancel));

    /// <summary>The response body; repeats the call while the service answers that the work is still in progress (202).</summary>
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
