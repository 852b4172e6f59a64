using System.Net;
using System.Net.Http.Headers;

namespace CnnService.Client;

/// <summary>Images of operations that answer with figures or with an image of them.</summary>
public partial class CnnServiceClient
{
    /// <summary>A heat map over an image: which parts of it a prediction rests on.</summary>
    /// <param name="image">An image file; read once from where it stands, and left open.</param>
    /// <param name="model"><c>name</c>, <c>name:version</c> or <c>name@alias</c>; optional if there is only one model.</param>
    /// <param name="method">As in <c>/explain</c>; default <c>grad-cam</c>.</param>
    /// <param name="className">A class by name or number; default: the predicted one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A PNG.</returns>
    /// <exception cref="CnnServiceException">The service refuses it.</exception>
    public async Task<byte[]> DrawExplanationAsync(
        Stream image, string? model = null, string? method = null, string? className = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        var query = string.Join('&', new[] { ("model", model), ("method", method), ("class", className) }
            .Where(parameter => parameter.Item2 is not null)
            .Select(parameter => $"{parameter.Item1}={Uri.EscapeDataString(parameter.Item2!)}"));
        using var content = new StreamContent(new UploadStream(image, null));
        content.Headers.ContentType = new MediaTypeHeaderValue(AnyType);
        using var form = new MultipartFormDataContent { { content, "file", "image" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"explain?{query}", UriKind.Relative)) { Content = form };
        using var answer = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ContentAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// An image, or another file, at an address of the service, such as the links that answers have. Waits for one that is still being
    /// drawn.
    /// </summary>
    /// <param name="address">Relative to the service's: <c>visualize/conv_1?count=16</c>, <c>runs/{id}/curves.png</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="CnnServiceException">The service refuses it.</exception>
    public async Task<byte[]> DownloadAsync(string address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address.TrimStart('/'), UriKind.Relative));
            using var answer = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                return await ContentAsync(answer, cancellationToken).ConfigureAwait(false);
            }

            var wait = RetryDelay.Read(answer, Clock.GetUtcNow()) ?? PollInterval;
            await Task.Delay(wait, Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) =>
        _httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);

    private async Task<byte[]> ContentAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.IsSuccessStatusCode)
        {
            return await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        }

        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key, header => header.Value);
        var problem = await ReadObjectResponseAsync<ProblemDetails>(answer, headers, cancel).ConfigureAwait(false);
        throw new CnnServiceException<ProblemDetails>(
            answer.ReasonPhrase ?? string.Empty, (int)answer.StatusCode, problem.Text, headers, problem.Object, null);
    }
}
