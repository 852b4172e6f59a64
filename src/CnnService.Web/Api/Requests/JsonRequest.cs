using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>Reads request bodies as JSON; <see cref="JsonFieldReader"/> binds their fields.</summary>
internal static class JsonRequest
{
    /// <summary>Binds the body; reports all violated rules together.</summary>
    /// <param name="request">The HTTP request.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <param name="check">Rules beyond the types of the fields; null: none.</param>
    public static async Task<Outcome<T>> ReadAsync<T>(
        HttpRequest request, CancellationToken cancel, Action<T, ValidationErrors>? check = null)
        where T : class => (await BodyAsync(request, cancel)).Bind(body => JsonFieldReader.ReadRequest(body, check));

    /// <summary>Parses the body. Problems: <c>request.unsupported-media-type</c> and those of malformed JSON.</summary>
    public static async Task<Outcome<JsonElement>> BodyAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
        {
            return new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-media-type", "The body must be application/json.");
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = 64 }, cancel);
            return document.RootElement.Clone();
        }
        catch (JsonException malformed)
        {
            return Problem.Invalid("request.malformed",
                $"The body is no valid JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine}).");
        }
    }
}
