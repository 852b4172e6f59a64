using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>A height and a width: <c>[h, w]</c>. One number for both is taken too.</summary>
[JsonConverter(typeof(Size2Converter))]
[JsonRule(Rule)]
public readonly record struct Size2(int Height, int Width)
{
    internal const string Rule = "must be a whole number or [height, width]";

    public override string ToString() => $"{Height}x{Width}";
}

internal sealed class Size2Converter : JsonConverter<Size2>
{
    public override Size2 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            var both = reader.GetInt32();
            return new(both, both);
        }

        return IntegerListJson.Read(ref reader) is [var height, var width]
            ? new(height, width)
            : throw new JsonException(Size2.Rule);
    }

    public override void Write(Utf8JsonWriter writer, Size2 value, JsonSerializerOptions options) =>
        IntegerListJson.Write(writer, value.Height, value.Width);
}
