using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CnnService.Core.Common;

/// <summary>Searches text for the first place that <see cref="JsonText"/> does not accept.</summary>
/// <param name="json">UTF-8 without a byte order mark, possibly invalid.</param>
/// <param name="maxValues">Maximum number of values.</param>
internal ref struct JsonTextSearch(ReadOnlySpan<byte> json, int maxValues)
{
    private const string DoubleQuotes =
        ": names and texts stand in double quotes, as in {\"name\": \"pets\"}. In a shell, single quotes go round the whole: "
        + "-d '{\"name\": \"pets\"}'; Windows takes -d \"{\\\"name\\\": \\\"pets\\\"}\".";

    private readonly ReadOnlySpan<byte> _json = json;
    private readonly Stack<Level> _levels = new();
    private int _values;

    /// <summary>The problem; null if the text is acceptable.</summary>
    public Problem? FindProblem()
    {
        var notUtf8 = FindInvalidByte(_json);
        var reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                Enter(ref reader);
                if (reader.BytesConsumed > notUtf8)
                {
                    return At(notUtf8, "must be UTF-8, received the byte "
                        + $"0x{_json[(int)notUtf8].ToString("X2", CultureInfo.InvariantCulture)}");
                }

                if (FindRule(ref reader) is { } rule)
                {
                    return At(reader.TokenStartIndex, rule);
                }

                Leave(ref reader);
            }

            return null;
        }
        catch (JsonException malformed)
        {
            return Problem.Invalid(JsonText.MalformedCode,
                $"The text is not valid JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1})"
                + Hint(malformed));
        }
    }

    /// <summary>Index of the first byte that is not part of a UTF-8 character; past the end if there is none.</summary>
    private static long FindInvalidByte(ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (at < json.Length)
        {
            if (Rune.DecodeFromUtf8(json[at..], out _, out var bytes) != OperationStatus.Done)
            {
                return at;
            }

            at += bytes;
        }

        return long.MaxValue;
    }

    /// <summary>Counts a value and notes where it is, as far as it does not come behind a name.</summary>
    private void Enter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            _levels.Pop();
        }
        else if (reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = Utf8.IsValid(reader.ValueSpan) && JsonText.IsWellFormed(reader.ValueSpan);
            var name = isText ? reader.GetString()! : "?";
            var level = _levels.Pop();
            level.Names!.TryGetValue(name, out var times);
            level.Names[name] = times + 1;
            _levels.Push(level with { Name = name });
        }
        else if (_levels.TryPeek(out var parent) && parent.Names is null)
        {
            _levels.Pop();
            _levels.Push(parent with { Index = parent.Index + 1 });
        }
    }

    /// <summary>The rule that the token breaks; null if none.</summary>
    private string? FindRule(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            return !JsonText.IsWellFormed(reader.ValueSpan) ? "must have a name of whole characters other than U+0000"
                : _levels.Peek() is { Names: { } names, Name: { } name } && names[name] > 1 ? "must be given once"
                : null;
        }

        _values += reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject ? 0 : 1;
        return _values > maxValues ? $"must be within the first {maxValues} values: that is the most a document here may have"
            : reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth >= JsonText.MaxDepth
                ? $"must be at most {JsonText.MaxDepth} levels deep"
            : reader.TokenType == JsonTokenType.String && !JsonText.IsWellFormed(reader.ValueSpan)
                ? "must be text of whole characters other than U+0000, received half of a surrogate pair or U+0000"
            : null;
    }

    private readonly void Leave(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            _levels.Push(new(isObject ? new(StringComparer.Ordinal) : null, null, -1));
        }
    }

    private readonly Problem At(long index, string rule)
    {
        var before = _json[..(int)index];
        var errors = new ValidationErrors();
        errors.Add(Path(), string.Create(CultureInfo.InvariantCulture,
            $"{rule} (line {before.Count((byte)'\n') + 1}, byte {index - before.LastIndexOf((byte)'\n')})"));
        return Problem.Validation(errors) with
        {
            Code = JsonText.MalformedCode,
            Detail = "The JSON breaks the rule named under 'errors': " + errors.ToDictionary().Single() switch
            {
                var (path, rules) => $"{path} {rules[0]}.",
            },
        };
    }

    private readonly string Path()
    {
        var path = new StringBuilder();
        foreach (var level in _levels.Reverse())
        {
            if (level.Names is null)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{Math.Max(0, level.Index)}]");
            }
            else if (level.Name is not null)
            {
                path.Append(path.Length > 0 ? "." : string.Empty).Append(ReceivedText.Text(level.Name));
            }
        }

        return path.ToString();
    }

    /// <summary>What may be done about it; else a full stop.</summary>
    private readonly string Hint(JsonException malformed) =>
        IsAtEnd(malformed) ? ": it ends before it is complete."
        : IsInSingleQuotes(malformed) ? DoubleQuotes
        : ".";

    /// <summary>Where a name or a text should begin stands a single quote, or nothing: some shells take the double quotes away.</summary>
    private readonly bool IsInSingleQuotes(JsonException malformed)
    {
        var line = _json;
        for (var skipped = 0L; skipped < (malformed.LineNumber ?? 0); skipped++)
        {
            line = line[(line.IndexOf((byte)'\n') + 1)..];
        }

        var at = (int)(malformed.BytePositionInLine ?? 0);
        return at < line.Length && line[at] is var odd
            && (odd == '\'' || (IsLetter(odd) && line[..at].TrimEnd(" \t"u8) is [.., (byte)'{' or (byte)',']));
    }

    private static bool IsLetter(byte character) => char.IsAsciiLetter((char)character);

    /// <summary>Whether nothing follows the position of the error.</summary>
    private readonly bool IsAtEnd(JsonException malformed) =>
        malformed.LineNumber == _json.Count((byte)'\n')
        && malformed.BytePositionInLine >= _json.Length - 1 - _json.LastIndexOf((byte)'\n');

    /// <summary>An open list or object.</summary>
    /// <param name="Names">How often each name was given so far; null for a list.</param>
    /// <param name="Name">The current member of an object.</param>
    /// <param name="Index">The current entry of a list.</param>
    private readonly record struct Level(Dictionary<string, int>? Names, string? Name, int Index);
}
