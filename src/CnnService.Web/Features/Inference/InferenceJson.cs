using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>What is wrong with a body that is no JSON.</summary>
internal static class InferenceJson
{
    /// <summary>Problem code <c>inference.invalid</c>; one that only breaks off is told as that.</summary>
    /// <param name="json">All of it.</param>
    /// <param name="malformed">What reading it threw.</param>
    public static Problem Malformed(ReadOnlySpan<byte> json, JsonException malformed)
    {
        var reason = json.IsEmpty ? "the body is empty"
            : IsAtEnd(json, malformed) ? $"it ends at byte {json.Length}, before it is complete: something that was opened is not closed"
            : malformed.Message;
        return Problem.Invalid("inference.invalid", $"failed to parse the request JSON: {reason}");
    }

    /// <summary>Whether nothing follows the place that could not be read.</summary>
    private static bool IsAtEnd(ReadOnlySpan<byte> json, JsonException malformed) =>
        malformed.LineNumber == json.Count((byte)'\n') && malformed.BytePositionInLine >= json.Length - 1 - json.LastIndexOf((byte)'\n');
}
