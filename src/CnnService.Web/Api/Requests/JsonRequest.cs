using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>Reads request bodies as JSON; <see cref="JsonReader"/> takes their fields.</summary>
internal static class JsonRequest
{
    /// <summary>The body as JSON; a body that is none is a problem of its own.</summary>
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
            return Problem.Invalid("request.malformed", $"The body is no valid JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine}).");
        }
    }
}
