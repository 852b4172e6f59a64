using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>Reads request bodies as JSON; <see cref="JsonFields"/> takes their fields.</summary>
internal static class JsonRequest
{
    /// <summary>The body as a request; every broken rule at once.</summary>
    /// <param name="request">The call.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <param name="check">The rules that the fields' types do not tell.</param>
    public static async Task<Outcome<T>> ReadAsync<T>(HttpRequest request, CancellationToken cancel, Action<T, ValidationErrors>? check = null)
        where T : class => (await BodyAsync(request, cancel)).Bind(body => JsonFields.ReadRequest(body, check));

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
