using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnService.Core.Common;

/// <summary>Reads requests field by field, so that all errors are reported at once, each under its path.</summary>
public static class JsonFieldReader
{
    /// <summary>Values that a request may have; far more than any sensible one.</summary>
    public const int MaxValues = 100_000;

    /// <summary>Entries that a list, and names that an object of names and values may have, where nothing else is said.</summary>
    public const int MaxItems = 1000;

    /// <summary>Characters that a text may have.</summary>
    public const int MaxText = 4096;

    /// <summary>
    /// Reads an object as far as possible: a field that breaks its rule adds an error and keeps its default, so that the other fields are
    /// checked too. Members of this service's record types are read in the same way, members that are <see cref="IJsonReadable{TSelf}"/>
    /// read themselves, members of type <see cref="JsonElement"/> are taken as they are.
    /// </summary>
    /// <param name="json">As received.</param>
    /// <param name="errors">Receives every broken rule.</param>
    /// <param name="path">Path of the object, relative to the errors' scope.</param>
    /// <returns>Null where it is not an object or lacks a required field.</returns>
    public static T? Read<T>(JsonElement json, ValidationErrors errors, string path = "")
        where T : class
    {
        ArgumentNullException.ThrowIfNull(errors);
        return (T?)Read(typeof(T), json, [], errors.At(path));
    }

    /// <summary>Reads a whole request body; fails with all of its broken rules.</summary>
    /// <param name="body">As received.</param>
    /// <param name="check">Rules beyond those of the fields' types; null: none.</param>
    public static Outcome<T> ReadRequest<T>(JsonElement body, Action<T, ValidationErrors>? check = null)
        where T : class
    {
        var errors = new ValidationErrors();
        var request = Read<T>(body, errors);
        if (request is not null)
        {
            check?.Invoke(request, errors);
        }

        return errors.ToOutcome(request);
    }

    /// <summary>Parses JSON text and reads the document.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="errors">Receives every broken rule, and a syntax error.</param>
    /// <param name="read">Reads the root element, which is valid during the call only.</param>
    public static T? Parse<T>(ReadOnlyMemory<byte> json, ValidationErrors errors, Func<JsonElement, ValidationErrors, T?> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(read);
        var parsed = JsonText.Parse(json, MaxValues);
        if (parsed.Problem is { } malformed)
        {
            AddTo(errors, malformed);
            return null;
        }

        using var document = parsed.Value;
        return read(document.RootElement, errors);
    }

    /// <summary>Adds the place where the text is not acceptable, or, where its syntax is broken, the text as a whole.</summary>
    private static void AddTo(ValidationErrors errors, Problem malformed)
    {
        foreach (var (path, rules) in malformed.Errors)
        {
            rules.ToList().ForEach(rule => errors.Add(path, rule));
        }

        errors.Require(malformed.Errors.Count > 0, string.Empty, $"must be JSON: {malformed.Detail}");
    }

    /// <summary>As <see cref="Read{T}"/>, for a type known only at run time.</summary>
    /// <param name="type">A record.</param>
    /// <param name="json">As received.</param>
    /// <param name="besides">Names the object may have beyond the type's fields; they are ignored.</param>
    /// <param name="errors">Receives every broken rule.</param>
    /// <param name="usual">Gives the values of fields that are absent; null: the type's defaults.</param>
    internal static object? Read(
        Type type, JsonElement json, IReadOnlyList<string> besides, ValidationErrors errors, object? usual = null)
    {
        var fields = JsonField.FieldsOf(type);
        if (ReadMembers(json, [.. besides, .. fields.Select(field => field.Name)], errors) is not { } members)
        {
            return null;
        }

        var plain = usual is null ? new JsonObject() : JsonSerializer.SerializeToNode(usual, type, CoreJson.Options)!.AsObject();
        var parsed = new List<(JsonField Field, object Value)>();
        var isWhole = true;
        foreach (var field in fields)
        {
            var isGiven = members.TryGetValue(field.Name, out var value);
            isWhole &= isGiven ? ReadField(field, value, plain, parsed, errors.At(field.Name)) || !field.IsRequired
                : errors.Require(!field.IsRequired, field.Name, "must be given");
        }

        return isWhole ? CreateRecord(type, plain, parsed) : null;
    }

    /// <summary>The known members of an object; unknown and repeated ones add errors. Null where it is not an object.</summary>
    internal static Dictionary<string, JsonElement>? ReadMembers(JsonElement json, IReadOnlyList<string> known, ValidationErrors errors)
    {
        if (!errors.Require(json.ValueKind == JsonValueKind.Object, string.Empty, $"must be an object, received {ReceivedText.Json(json)}"))
        {
            return null;
        }

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var name = NameOf(member);
            if (name is not null && known.Contains(name, StringComparer.Ordinal))
            {
                errors.Require(members.TryAdd(name, member.Value), name, "must be given once");
            }
            else
            {
                errors.Add(name ?? "?", errors.IsFull ? string.Empty : UnknownField.Message(name, known));
            }
        }

        return members;
    }

    /// <summary>
    /// The string value; null where it is not a string or not valid Unicode: JsonDocument accepts lone surrogates and invalid
    /// UTF-8.
    /// </summary>
    internal static string? Text(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member's name; null where it is not valid Unicode.</summary>
    internal static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads one field; false where it breaks its rule, which is then added.</summary>
    private static bool ReadField(
        JsonField field, JsonElement value, JsonObject plain, List<(JsonField Field, object Value)> parsed, ValidationErrors errors)
    {
        if (field.UsesSerializer || (value.ValueKind == JsonValueKind.Null && field.IsNullable))
        {
            if (field.FindBrokenRule(value) is { } rule)
            {
                errors.Add(string.Empty, rule);
                return false;
            }

            plain[field.Name] = JsonNode.Parse(value.GetRawText());
            return true;
        }

        if (field.Parse(value, errors) is not { } made)
        {
            return false;
        }

        parsed.Add((field, made));
        if (field.IsRequired)
        {
            // Placeholder for a required member, replaced in Make.
            plain[field.Name] = JsonSerializer.SerializeToNode(made, field.Type, CoreJson.Options);
        }

        return true;
    }

    private static object CreateRecord(Type type, JsonObject plain, List<(JsonField Field, object Value)> parsed)
    {
        var made = plain.Deserialize(type, CoreJson.Options)!;
        foreach (var (field, value) in parsed)
        {
            field.Set(made, value);
        }

        return made;
    }
}
