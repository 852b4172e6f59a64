using System.Text.Json;

namespace CnnService.Core.Architecture;

/// <summary>Reads and writes short JSON arrays of integers, such as sizes and paddings.</summary>
internal static class IntegerListJson
{
    private const int MaxLength = 8; // Twice what any of them has.

    internal static List<int> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("must be a whole number or a list of whole numbers");
        }

        var list = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (list.Count == MaxLength)
            {
                throw new JsonException($"must hold at most {MaxLength} numbers");
            }

            list.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number)
                ? number
                : throw new JsonException("must hold whole numbers only"));
        }

        return list;
    }

    internal static void Write(Utf8JsonWriter writer, params ReadOnlySpan<int> numbers)
    {
        writer.WriteStartArray();
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
