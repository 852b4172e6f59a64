using System.Text.Json;
using System.Text.Unicode;

namespace CnnService.Core.Common;

/// <summary>
/// Parses JSON from outside. Refuses, with the place, what <see cref="JsonDocument"/> accepts: bytes that are not UTF-8, halves of
/// surrogate pairs, the character U+0000 (which PostgreSQL cannot store), and names that are given twice, of which the last would win
/// silently.
/// </summary>
public static class JsonText
{
    /// <summary>Code of the problem for text that is not acceptable JSON.</summary>
    public const string MalformedCode = "request.malformed";

    /// <summary>Maximum depth of nested lists and objects.</summary>
    public const int MaxDepth = 64;

    private const int BytesPerValue = 2; // At least a digit and a comma, except for the last.

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// The document, or a problem <see cref="MalformedCode"/> that names path, line and byte. Correct text is read once; only text in which
    /// something looks wrong is searched for the place.
    /// </summary>
    /// <param name="json">UTF-8, with or without a byte order mark. Must not change while the document is in use.</param>
    /// <param name="maxValues">Maximum number of values: of members, list entries, lists and objects together.</param>
    public static Outcome<JsonDocument> Parse(ReadOnlyMemory<byte> json, int maxValues = int.MaxValue)
    {
        var text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        if (IsPlain(text.Span) && text.Length / BytesPerValue < maxValues)
        {
            try
            {
                return JsonDocument.Parse(text, Strict);
            }
            catch (JsonException)
            {
                // The search below finds out where and why.
            }
        }

        return new JsonTextSearch(text.Span, maxValues).FindProblem() is { } problem ? problem : JsonDocument.Parse(text, Strict);
    }

    /// <summary>Whether a raw JSON string, without its quotes, contains only whole characters other than U+0000.</summary>
    /// <param name="raw">UTF-8 whose escape sequences are complete.</param>
    internal static bool IsWellFormed(ReadOnlySpan<byte> raw)
    {
        while (raw.IndexOf((byte)'\\') is var at and >= 0)
        {
            if (raw[at + 1] != 'u')
            {
                raw = raw[(at + 2)..];
                continue;
            }

            var unit = UnitAt(raw, at);
            raw = raw[(at + 6)..];
            if (char.IsHighSurrogate(unit) && raw.StartsWith("\\u"u8) && char.IsLowSurrogate(UnitAt(raw, 0)))
            {
                raw = raw[6..];
            }
            else if (unit == '\0' || char.IsSurrogate(unit))
            {
                return false;
            }
        }

        return true;
    }

    private static char UnitAt(ReadOnlySpan<byte> raw, int escape) =>
        (char)ushort.Parse(raw.Slice(escape + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier,
            System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the text is UTF-8 without escaped surrogates and U+0000; false also where it only might contain some.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        while (json.IndexOf("\\u"u8) is var at and >= 0)
        {
            json = json[(at + 2)..];
            if (json.Length < 4 || json[0] is (byte)'d' or (byte)'D' || json[..4].SequenceEqual("0000"u8))
            {
                return false;
            }
        }

        return true;
    }
}
