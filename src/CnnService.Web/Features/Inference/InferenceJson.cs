using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>Describes what is wrong with a body that is not valid JSON.</summary>
internal static class InferenceJson
{
    /// <summary>The problem <c>inference.invalid</c>; truncated JSON is reported as such.</summary>
    /// <param name="json">The complete JSON text.</param>
    /// <param name="malformed">The exception that reading it threw.</param>
    public static Problem Malformed(ReadOnlySpan<byte> json, JsonException malformed)
    {
        var reason = json.IsEmpty ? "the body is empty"
            : IsAtEnd(json, malformed) ? $"it ends at byte {json.Length}, before it is complete: something that was opened is not closed"
            : malformed.Message;
        return Problem.Invalid("inference.invalid", $"failed to parse the request JSON: {reason}");
    }

    /// <summary>Whether nothing follows the position of the error.</summary>
    private static bool IsAtEnd(ReadOnlySpan<byte> json, JsonException malformed) =>
        malformed.LineNumber == json.Count((byte)'\n') && malformed.BytePositionInLine >= json.Length - 1 - json.LastIndexOf((byte)'\n');
}
