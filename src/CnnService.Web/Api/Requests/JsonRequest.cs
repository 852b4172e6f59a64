using System.Text;
using System.Text.Json;
using CnnService.Core.Common;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Api.Requests;

/// <summary>Reads request bodies as JSON; <see cref="JsonFieldReader"/> binds their fields.</summary>
internal static class JsonRequest
{
    private const int DefaultBytes = 1 << 20;

    /// <summary>Binds the body; reports all violated rules together.</summary>
    /// <param name="request">The HTTP request.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <param name="check">Rules beyond the types of the fields; null: none.</param>
    public static async Task<Outcome<T>> ReadAsync<T>(
        HttpRequest request, CancellationToken cancel, Action<T, ValidationErrors>? check = null)
        where T : class => (await BodyAsync(request, cancel)).Bind(body => JsonFieldReader.ReadRequest(body, check));

    /// <summary>
    /// Parses the body, which may have as many values as <see cref="JsonFieldReader.MaxValues"/>. Problems:
    /// <c>request.unsupported-media-type</c> and those of <see cref="JsonText"/>.
    /// </summary>
    public static async Task<Outcome<JsonElement>> BodyAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasJsonContentType() || !IsUtf8(request.ContentType))
        {
            return new Problem(
                ProblemKind.UnsupportedMedia, "request.unsupported-media-type", "The body must be application/json in UTF-8.");
        }

        return JsonText.Parse(await request.BytesAsync(cancel), JsonFieldReader.MaxValues).Map(document =>
        {
            using (document)
            {
                return document.RootElement.Clone();
            }
        });
    }

    /// <summary>
    /// The whole body. Preallocates the declared length up to 1 MiB only: beyond that, memory grows with the bytes that actually arrive.
    /// </summary>
    public static async Task<ReadOnlyMemory<byte>> BytesAsync(this HttpRequest request, CancellationToken cancel)
    {
        using var memory = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, DefaultBytes));
        await request.Body.CopyToAsync(memory, cancel);
        return memory.GetBuffer().AsMemory(0, (int)memory.Length);
    }

    private static bool IsUtf8(string? contentType) => !MediaTypeHeaderValue.TryParse(contentType, out var type)
        || type.Charset.Length == 0
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase);
}
