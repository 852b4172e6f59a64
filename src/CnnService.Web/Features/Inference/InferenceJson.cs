using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>Parses JSON of the protocol, which may hold as many numbers as fit into the body.</summary>
internal static class InferenceJson
{
    /// <summary>The document, or the problem <c>inference.invalid</c> that names the place.</summary>
    /// <param name="json">The complete JSON text.</param>
    public static Outcome<JsonDocument> Parse(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return Malformed("the body is empty");
        }

        var parsed = JsonText.Parse(json);
        return parsed.Problem is { } problem ? Malformed(problem.Detail) : parsed;
    }

    private static Problem Malformed(string reason) => InferenceRequest.Invalid($"failed to parse the request JSON: {reason}");
}
